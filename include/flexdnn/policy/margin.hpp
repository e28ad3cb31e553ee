// SPDX-License-Identifier: MIT
// margin: the lead of the best class over the second as confidence.
#pragma once

#include "by_threshold.hpp"
#include "softmax.hpp"

namespace flexdnn {

/// p_1 - p_2 of the two largest softmax probabilities, in [0, 1]. One class: 1.
struct margin_score {
  [[nodiscard]] static float confidence(std::span<const float> logits) noexcept {
    return statistics_of(logits).margin;
  }
};

template <class Network>
struct margin : by_threshold<Network, margin_score> {
  using by_threshold<Network, margin_score>::by_threshold;
};

}  // namespace flexdnn
