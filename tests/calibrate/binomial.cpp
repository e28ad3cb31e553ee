// SPDX-License-Identifier: MIT
// binomial: against exact rational sums, sums in long double, and laws.
#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <flexdnn/calibrate/binomial.hpp>

using namespace flexdnn;

namespace {

/// The sum itself, from its largest term down.
double summed_tail(std::size_t k, std::size_t n, long double p) {
  const auto count = static_cast<long double>(n), top = static_cast<long double>(k);
  long double term = std::exp(std::lgamma(count + 1) - std::lgamma(top + 1) - std::lgamma(count - top + 1) +
                              top * std::log(p) + (count - top) * std::log1p(-p));
  long double sum = 0.0L;
  for (long double j = top; j >= 0 && term > sum * 1e-22L; j -= 1) {
    sum += term;
    term *= j / (count - j + 1) * (1 - p) / p;
  }
  return static_cast<double>(sum);
}

}  // namespace

TEST_CASE("binomial tail: whole numbers of 10^15, exactly") {
  constexpr std::uint64_t n = 15;
  for (std::uint64_t tenths = 1; tenths < 10; ++tenths) {
    const auto power = [](std::uint64_t base, std::uint64_t exponent) {
      std::uint64_t result = 1;
      while (exponent-- > 0) result *= base;
      return result;
    };
    std::uint64_t sum = 0, choose = 1;
    for (std::uint64_t k = 0; k < n; ++k) {
      sum += choose * power(tenths, k) * power(10 - tenths, n - k);
      choose = choose * (n - k) / (k + 1);
      CHECK(binomial_cdf(k, n, static_cast<double>(tenths) / 10) ==
            doctest::Approx(static_cast<double>(sum) / 1e15).epsilon(1e-13));
    }
  }
  CHECK(binomial_cdf(5, 10, 0.5) == doctest::Approx(638.0 / 1024.0).epsilon(1e-14));
}

TEST_CASE("binomial tail: far and near tails, up to a million trials") {
  struct tail {
    std::size_t k, n;
    double p, tolerance;
  };
  for (const tail& t :
       {tail{0, 1000, 0.01, 3e-12}, tail{5, 1000, 0.01, 3e-12}, tail{500, 1000, 0.5, 3e-12},
        tail{990, 1000, 0.99, 3e-12}, tail{100, 1000, 0.5, 3e-12}, tail{9'900, 1'000'000, 0.01, 3e-9},
        tail{9'500, 1'000'000, 0.01, 3e-9}, tail{500'400, 1'000'000, 0.5, 3e-9}}) {
    const double error =
        binomial_cdf(t.k, t.n, t.p) / summed_tail(t.k, t.n, static_cast<long double>(t.p)) - 1.0;
    CAPTURE(error);
    CHECK(std::abs(error) < t.tolerance);
  }
}

TEST_CASE("binomial tail: closed forms, edges, and it rises with k and falls with p") {
  CHECK(binomial_cdf(0, 86, 0.02) == doctest::Approx(std::pow(0.98, 86)).epsilon(1e-13));
  CHECK(binomial_cdf(85, 86, 0.98) == doctest::Approx(1.0 - std::pow(0.98, 86)).epsilon(1e-13));
  CHECK(binomial_cdf(0, 0, 0.5) == 1.0);
  CHECK(binomial_cdf(7, 7, 0.5) == 1.0);
  CHECK(binomial_cdf(9, 7, 0.5) == 1.0);
  CHECK(binomial_cdf(3, 7, 0.0) == 1.0);
  CHECK(binomial_cdf(3, 7, 1.0) == 0.0);
  for (std::size_t k = 0; k < 60; ++k) {
    CHECK(binomial_cdf(k, 60, 0.3) < binomial_cdf(k + 1, 60, 0.3) + 1e-15);
    double before = 1.0;
    for (double p = 0.01; p < 1.0; p += 0.01) {
      const double tail = binomial_cdf(k, 60, p);
      CHECK(tail <= before + 1e-14);
      before = tail;
    }
  }
}
