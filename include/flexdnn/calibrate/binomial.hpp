// SPDX-License-Identifier: MIT
// binomial: the exact lower tail of the binomial distribution.
#pragma once

#include <cmath>
#include <cstddef>

namespace flexdnn {

namespace detail {

/// Continued fraction of the incomplete beta function (Abramowitz and Stegun 26.5.8), by Lentz's method as
/// modified by Thompson and Barnett (1986). Converges in some sqrt(max(a, b)) steps for x < (a + 1) / (a + b
/// + 2).
[[nodiscard]] inline double beta_fraction(double x, double a, double b) {
  constexpr double tiny = 1e-300, precision = 1e-15;
  const auto nonzero = [](double v) { return std::abs(v) < tiny ? tiny : v; };
  double c = 1.0, d = 1.0 / nonzero(1.0 - (a + b) * x / (a + 1.0)), value = d;
  const auto factor = [&](double term) {
    d = 1.0 / nonzero(1.0 + term * d);
    c = nonzero(1.0 + term / c);
    value *= c * d;
    return c * d;
  };
  for (double m = 1.0; m < 1e6; m += 1.0) {
    factor(m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m)));
    const double last = factor(-(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0)));
    if (std::abs(last - 1.0) < precision) break;
  }
  return value;
}

}  // namespace detail

/// P(Bin(n, p) <= k) = I_{1 - p}(n - k, k + 1), the regularised incomplete beta function. k >= n gives 1; p
/// is taken into [0, 1]. Relative error against sums in long double: 2e-12 at n = 1,000 and 2e-9 at n = 10^6,
/// where logarithms of factorials cancel.
[[nodiscard]] inline double binomial_cdf(std::size_t k, std::size_t n, double p) {
  if (k >= n || !(p > 0.0)) return 1.0;
  if (p >= 1.0) return 0.0;
  const double a = static_cast<double>(n - k), b = static_cast<double>(k) + 1.0;
  const double front =
      std::exp(std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b) + a * std::log1p(-p) + b * std::log(p));
  if (1.0 - p < (a + 1.0) / (a + b + 2.0)) return front * detail::beta_fraction(1.0 - p, a, b) / a;
  return 1.0 - front * detail::beta_fraction(p, b, a) / b;
}

}  // namespace flexdnn
