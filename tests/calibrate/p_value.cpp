// SPDX-License-Identifier: MIT
// p_value: by hand, and super-uniform: where the risk is alpha, P(p <= u) is at most u, by enumeration.
#include <doctest/doctest.h>

#include <cmath>
#include <flexdnn/calibrate/p_value.hpp>

using namespace flexdnn;

namespace {

double probability(std::size_t k, std::size_t n, double p) {
  return binomial_cdf(k, n, p) - (k > 0 ? binomial_cdf(k - 1, n, p) : 0.0);
}

}  // namespace

TEST_CASE("p-values by hand") {
  CHECK(binomial_p_value(5, 1000, 0.01) == doctest::Approx(0.0661).epsilon(0.001));
  CHECK(binomial_p_value(6, 1000, 0.01) == doctest::Approx(0.1289).epsilon(0.001));
  // 100 losses of mean 0.02 at 0.1: Hoeffding exp(-5.1266), Bentkus 2.71828 * 0.0019449.
  CHECK(hoeffding_bentkus_p_value(0.02, 100, 0.1) == doctest::Approx(0.0052867).epsilon(1e-4));
  // 10 of mean 0.15 at 0.3: Hoeffding, exp(-10 * 0.06106); Bentkus, with 2 losses of 10, is above 1.
  CHECK(hoeffding_bentkus_p_value(0.15, 10, 0.3) == doctest::Approx(0.54302).epsilon(1e-4));
  CHECK(hoeffding_bentkus_p_value(0.0, 86, 0.02) == doctest::Approx(std::pow(0.98, 86)));
  CHECK(hoeffding_bentkus_p_value(0.1, 100, 0.1) == 1.0);
}

TEST_CASE("p-values at the edges") {
  CHECK(hoeffding_bentkus_p_value(0.5, 10, 0.0) == 1.0);
  CHECK(hoeffding_bentkus_p_value(0.5, 10, 1.0) == 0.0);
  CHECK(hoeffding_bentkus_p_value(0.5, 0, 0.5) == 1.0);
  CHECK(hoeffding_bentkus_p_value(1.0, 10, 0.5) == 1.0);
}

TEST_CASE("p-values rise with losses and fall with alpha") {
  for (int k = 0; k < 100; ++k) {
    const double risk = k / 100.0;
    CHECK(hoeffding_bentkus_p_value(risk, 100, 0.3) <= hoeffding_bentkus_p_value(risk + 0.01, 100, 0.3));
    CHECK(hoeffding_bentkus_p_value(0.1, 100, risk) + 1e-15 >=
          hoeffding_bentkus_p_value(0.1, 100, risk + 0.01));
    CHECK(hoeffding_bentkus_p_value(risk, 100, 0.3) + 1e-15 >=
          binomial_p_value(static_cast<std::size_t>(k), 100, 0.3));
  }
}

TEST_CASE("p-values are super-uniform: losses of 0 or 1, and of 0 or 1/2") {
  constexpr std::size_t n = 200;
  for (const double alpha : {0.01, 0.05, 0.2, 0.45}) {
    for (const double u : {0.001, 0.01, 0.05, 0.1, 0.3}) {
      double binomial = 0.0, whole = 0.0, halves = 0.0;
      for (std::size_t k = 0; k <= n; ++k) {
        const double losses = static_cast<double>(k) / n;
        if (binomial_p_value(k, n, alpha) <= u) binomial += probability(k, n, alpha);
        if (hoeffding_bentkus_p_value(losses, n, alpha) <= u) whole += probability(k, n, alpha);
        if (hoeffding_bentkus_p_value(losses / 2, n, alpha) <= u) halves += probability(k, n, 2 * alpha);
      }
      CHECK(binomial <= u + 1e-12);
      CHECK(whole <= u + 1e-12);
      CHECK(halves <= u + 1e-12);
      // Not by refusing: one loss more would be too many.
      for (std::size_t k = 0; k <= n; ++k) {
        if (binomial_p_value(k, n, alpha) > u) {
          CHECK(binomial + probability(k, n, alpha) > u);
          break;
        }
      }
    }
  }
}
