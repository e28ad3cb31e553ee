// SPDX-License-Identifier: MIT
// p_value: how likely losses this small are where the risk, their mean, exceeds a level.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>

#include "binomial.hpp"

namespace flexdnn {

/// For n independent losses of 0 or 1 that sum to `losses`, of the hypothesis risk > alpha: the exact lower
/// tail, P(Bin(n, alpha) <= losses).
[[nodiscard]] inline double binomial_p_value(std::size_t losses, std::size_t n, double alpha) {
  return binomial_cdf(losses, n, alpha);
}

/// For n independent losses in [0, 1] of mean `risk`, of the same hypothesis (Bates et al.,
/// "Distribution-free, risk-controlling prediction sets", 2021, theorem 2): the less of Hoeffding's exp(-n
/// h(min(risk, alpha), alpha)), h(a, b) = a log(a / b) + (1 - a) log((1 - a) / (1 - b)), and Bentkus's e
/// P(Bin(n, alpha) <= ceil(n risk)).
[[nodiscard]] inline double hoeffding_bentkus_p_value(double risk, std::size_t n, double alpha) {
  if (!(alpha > 0.0) || n == 0) return 1.0;
  if (alpha >= 1.0) return 0.0;
  const double count = static_cast<double>(n), a = std::clamp(risk, 0.0, alpha);
  const double h =
      (a > 0.0 ? a * std::log(a / alpha) : 0.0) + (1.0 - a) * (std::log1p(-a) - std::log1p(-alpha));
  const double losses = std::ceil(count * std::clamp(risk, 0.0, 1.0));
  const double bentkus = std::numbers::e * binomial_cdf(static_cast<std::size_t>(losses), n, alpha);
  return std::min({1.0, std::exp(-count * h), bentkus});
}

}  // namespace flexdnn
