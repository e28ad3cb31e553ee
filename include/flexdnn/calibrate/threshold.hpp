// SPDX-License-Identifier: MIT
// threshold: an exit's threshold from labelled calibration data: the paper's rule and its quantile form.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

namespace flexdnn {

/// A frame leaves iff its confidence exceeds the threshold, and confidences lie in [0, 1].
inline constexpr float never_leave = 1.0F;
inline constexpr float always_leave = -1.0F;

/// The paper's rule (Fang et al., SEC 2020): the lower bound of the region in which no prediction was wrong, that
/// is the largest confidence of a wrong one; always_leave where none was wrong. confidence and wrong: one
/// each a frame. Promises a wrong exit with probability at most 1 / (n + 1) for an exchangeable next frame.
[[nodiscard]] inline float zero_error_threshold(std::span<const float> confidence,
                                                std::span<const std::uint8_t> wrong) {
  float threshold = always_leave;
  for (std::size_t i = 0; i < confidence.size(); ++i) {
    if (wrong[i] != 0) threshold = std::max(threshold, confidence[i]);
  }
  return threshold;
}

/// Its quantile form: with s_i the confidence of a wrong prediction and minus infinity for a right one, the
/// ceil((1 - risk)(n + 1))-th smallest s_i. The probability that an exchangeable next frame exceeds it and is
/// wrong is at most risk: split conformal prediction. never_leave where n is too small for that risk; the
/// paper's rule is the case risk = 1 / (n + 1). A risk of 0 or less: never_leave; of 1 or more: always_leave.
[[nodiscard]] inline float quantile_threshold(std::span<const float> confidence, std::span<const std::uint8_t> wrong,
                                              double risk) {
  const double n = static_cast<double>(confidence.size());
  // One part in 10^9 forgives the rounding of 1 - risk where (1 - risk)(n + 1) is a whole number.
  const double rank = std::ceil((1.0 - risk) * (n + 1.0) - 1e-9 * (n + 1.0));
  if (!(risk > 0.0) || rank > n) return never_leave;
  if (rank < 1.0) return always_leave;
  std::vector<float> scores;
  for (std::size_t i = 0; i < confidence.size(); ++i) scores.push_back(wrong[i] != 0 ? confidence[i] : always_leave);
  const auto place = scores.begin() + static_cast<std::ptrdiff_t>(rank) - 1;
  std::nth_element(scores.begin(), place, scores.end());
  return *place;
}

}  // namespace flexdnn
