// SPDX-License-Identifier: MIT
// softmax: probabilities and their statistics from logits, by log-sum-exp, so that nothing overflows.
#pragma once

#include <cmath>
#include <cstddef>
#include <span>

namespace flexdnn {

/// Sums over softmax p_i = exp(l_i - max) / S of finite logits l.
struct softmax_statistics {
  float max_probability = 0.0F;  ///< of the largest logit, 1/S
  float margin = 0.0F;           ///< largest less second largest probability
  float entropy = 0.0F;          ///< -sum p log p = log S - sum p (l - max), in nats
};

[[nodiscard]] inline softmax_statistics statistics_of(std::span<const float> logits) noexcept {
  float first = logits[0];
  for (const float l : logits) first = l > first ? l : first;
  float sum = 0.0F, weighted = 0.0F, second = 0.0F;
  bool seen_first = false;
  for (const float l : logits) {
    const float d = l - first, e = std::exp(d);
    sum += e;
    // exp(d) reaches 0 long before d reaches -infinity: 0 * -infinity would be NaN.
    weighted += e > 0.0F ? e * d : 0.0F;
    if (l == first && !seen_first) {
      seen_first = true;
    } else if (e > second) {
      second = e;
    }
  }
  return {1.0F / sum, (1.0F - second) / sum, std::log(sum) - weighted / sum};
}

/// p_i = exp(l_i - max) / S. Logits must be finite.
inline void softmax(std::span<const float> logits, std::span<float> probabilities) noexcept {
  float largest = logits[0];
  for (const float l : logits) largest = l > largest ? l : largest;
  float sum = 0.0F;
  for (std::size_t i = 0; i < logits.size(); ++i) sum += probabilities[i] = std::exp(logits[i] - largest);
  for (float& p : probabilities) p /= sum;
}

/// Half the sum of |p - q| over two distributions, in [0, 1]: their total variation.
[[nodiscard]] inline float total_variation(std::span<const float> p, std::span<const float> q) noexcept {
  float sum = 0.0F;
  for (std::size_t i = 0; i < p.size(); ++i) sum += std::abs(p[i] - q[i]);
  return 0.5F * sum;
}

}  // namespace flexdnn
