// SPDX-License-Identifier: MIT
// temporal_patience: less is asked of an exit that says what the frames before were answered.
#pragma once

#include <cstddef>

#include "evidence.hpp"

namespace flexdnn {

/// Asks `agreeing` in place of `careful` at an exit whose label is what the last Count frames of the clip
/// were answered, one after the other: an object that was recognised is expected again (patience, Zhou et
/// al., PABEE, NeurIPS 2020, over frames in place of exits). always_first for `agreeing` is patience alone.
/// Both see every exit. The row begins anew with a clip, whose number is as difference_gate's. Frames that
/// are answered past this policy, by a gate around it or by a budget, add nothing to the row and do not end
/// it.
template <int Count, exit_policy Careful, exit_policy Agreeing = Careful>
class temporal_patience {
  static_assert(Count >= 1, "flexdnn: temporal_patience counts at least one frame");

 public:
  constexpr explicit temporal_patience(const std::size_t& clip, const Careful& careful = {},
                                       const Agreeing& agreeing = {})
      : clip_(&clip), careful_(careful), agreeing_(agreeing) {}

  verdict operator()(const evidence& e) noexcept {
    if (e.previous < 0) before_ = answered_.clip == *clip_ ? answered_ : row{};
    const verdict strict = careful_(e), lenient = agreeing_(e);
    const verdict v = before_.frames >= Count && e.label == before_.label ? lenient : strict;
    if (v.leave || e.exit + 1 == e.exits) {
      const int label = v.label == verdict::own ? e.label : v.label;
      const int longer = before_.frames < Count ? before_.frames + 1 : Count;
      answered_ = {label, label == before_.label ? longer : 1, *clip_};
    }
    return v;
  }

 private:
  struct row {
    int label = -1, frames = 0;
    std::size_t clip = 0;
  };

  const std::size_t* clip_;
  row before_, answered_;  ///< up to the frame before, and with this one once it is answered
  [[no_unique_address]] Careful careful_;
  [[no_unique_address]] Agreeing agreeing_;
};

}  // namespace flexdnn
