// SPDX-License-Identifier: MIT
// by_threshold: the common form of a policy: a score of the logits against one threshold per exit.
#pragma once

#include "evidence.hpp"
#include "thresholds.hpp"

namespace flexdnn {

/// Leaves at exit k iff Score::confidence(logits) > t_k. Takes exactly as many thresholds as Network has
/// exits before the final one. A score of one's own: `static float confidence(std::span<const float>)
/// noexcept`.
template <class Network, class Score>
class by_threshold {
 public:
  static constexpr int count = Network::exit_count - 1;

  template <int Given>
  constexpr explicit by_threshold(const thresholds<Given>& given) {
    static_assert(threshold_count<Given, count>());
    for (std::size_t i = 0; i < values_.size() && i < given.values.size(); ++i) values_[i] = given.values[i];
  }

  [[nodiscard]] static float confidence(std::span<const float> logits) noexcept {
    return Score::confidence(logits);
  }

  verdict operator()(const evidence& e) const noexcept {
    const float c = confidence(e.logits);
    return {e.exit < count && c > values_[static_cast<std::size_t>(e.exit)], c};
  }

 private:
  std::array<float, static_cast<std::size_t>(count)> values_{};
};

}  // namespace flexdnn
