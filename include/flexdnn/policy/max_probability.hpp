// SPDX-License-Identifier: MIT
// max_probability: the largest softmax probability as confidence.
#pragma once

#include "by_threshold.hpp"
#include "softmax.hpp"

namespace flexdnn {

/// max_c p_c in [1/C, 1].
struct max_probability_score {
  [[nodiscard]] static float confidence(std::span<const float> logits) noexcept {
    return statistics_of(logits).max_probability;
  }
};

template <class Network>
struct max_probability : by_threshold<Network, max_probability_score> {
  using by_threshold<Network, max_probability_score>::by_threshold;
};

}  // namespace flexdnn
