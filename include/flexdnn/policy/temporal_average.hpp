// SPDX-License-Identifier: MIT
// temporal_average: an exit's output averaged with what frames before were answered by.
#pragma once

#include <array>
#include <cstddef>
#include <span>

#include "evidence.hpp"

namespace flexdnn {

/// Policy sees, in place of an exit's logits l, their mean with those that answered the frames of the clip
/// before, weighted by decay^age. By softmax this is the normalised geometric mean of the frames'
/// distributions. The answer's label is the mean's. `decay` from 0 (this frame alone) up to,
/// not including, 1; `clip` is as difference_gate's. The logits that a frame adds are those of the exit that
/// answered it. Frames that are answered past this policy, by a gate around it or by a budget, add nothing.
template <int Classes, exit_policy Policy>
class temporal_average {
 public:
  constexpr temporal_average(float decay, const std::size_t& clip, const Policy& policy = {})
      : decay_(decay), clip_(&clip), policy_(policy) {}

  verdict operator()(const evidence& e) noexcept {
    if (e.previous < 0) before_ = answered_.clip == *clip_ ? answered_ : average{};
    const float weight = 1.0F + decay_ * before_.weight, share = 1.0F / weight;
    evidence averaged = e;
    averaged.logits = mean_;
    averaged.label = 0;
    for (std::size_t c = 0; c < mean_.size(); ++c) {
      mean_[c] = share * e.logits[c] + (1.0F - share) * before_.mean[c];  // of finite ones: finite
      if (mean_[c] > mean_[static_cast<std::size_t>(averaged.label)]) averaged.label = static_cast<int>(c);
    }
    verdict v = policy_(averaged);
    if (v.label == verdict::own) v.label = averaged.label;
    if (v.leave || e.exit + 1 == e.exits) answered_ = {mean_, weight, *clip_};
    return v;
  }

 private:
  using logits = std::array<float, static_cast<std::size_t>(Classes)>;
  struct average {
    logits mean{};
    float weight = 0.0F;
    std::size_t clip = 0;
  };

  float decay_;
  const std::size_t* clip_;
  average before_{}, answered_{};  ///< up to the frame before, and with this one once it is answered
  logits mean_{};
  [[no_unique_address]] Policy policy_;
};

}  // namespace flexdnn
