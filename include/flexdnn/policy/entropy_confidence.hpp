// SPDX-License-Identifier: MIT
// entropy_confidence: the paper's decision module.
#pragma once

#include <cmath>

#include "by_threshold.hpp"
#include "softmax.hpp"

namespace flexdnn {

/// Conf = 1 + (1/log C) sum p_c log p_c in [0, 1]: one less the normalised entropy of the softmax.
/// Fang et al., FlexDNN (SEC 2020). From logits by log-sum-exp. One class: 1.
struct entropy_confidence_score {
  [[nodiscard]] static float confidence(std::span<const float> logits) noexcept {
    return of_entropy(statistics_of(logits).entropy, logits.size());
  }

  /// Of an entropy in nats.
  [[nodiscard]] static float of_entropy(float entropy, std::size_t classes) noexcept {
    if (classes < 2) return 1.0F;
    const float c = 1.0F - entropy / std::log(static_cast<float>(classes));
    return c > 0.0F ? c : 0.0F;  // equal logits: rounding leaves -1e-7
  }
};

template <class Network>
struct entropy_confidence : by_threshold<Network, entropy_confidence_score> {
  using by_threshold<Network, entropy_confidence_score>::by_threshold;
};

}  // namespace flexdnn
