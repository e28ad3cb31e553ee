// SPDX-License-Identifier: MIT
// entropy_threshold: BranchyNet's decision: leave where the entropy is low enough, in nats.
#pragma once

#include "entropy_confidence.hpp"

namespace flexdnn {

/// Leaves at exit k iff H = -sum p_c log p_c < T_k. Teerapittayanon, McDanel and Kung, BranchyNet (ICPR
/// 2016); with C classes H lies in [0, log C]. The same frames leave as by entropy_confidence at t = 1 - T /
/// log C, but for rounding; its confidence is what the verdict holds. A T of 0 or less, or NaN, keeps every
/// frame in. Takes exactly as many T as Network has exits before the final one.
template <class Network>
class entropy_threshold {
 public:
  static constexpr int count = Network::exit_count - 1;

  template <int Given>
  constexpr explicit entropy_threshold(const thresholds<Given>& given) {
    static_assert(threshold_count<Given, count>());
    for (std::size_t i = 0; i < values_.size() && i < given.values.size(); ++i) values_[i] = given.values[i];
  }

  /// H, in nats.
  [[nodiscard]] static float entropy(std::span<const float> logits) noexcept {
    return statistics_of(logits).entropy;
  }

  verdict operator()(const evidence& e) const noexcept {
    const float h = entropy(e.logits);
    return {e.exit < count && h < values_[static_cast<std::size_t>(e.exit)],
            entropy_confidence_score::of_entropy(h, e.logits.size())};
  }

 private:
  std::array<float, static_cast<std::size_t>(count)> values_{};
};

}  // namespace flexdnn
