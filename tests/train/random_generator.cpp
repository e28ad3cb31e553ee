// SPDX-License-Identifier: MIT
// Laws of random_generator: published outputs, and moments within five standard deviations for fixed seeds.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <flexdnn/train/random_generator.hpp>
#include <numeric>
#include <vector>

using namespace flexdnn;

TEST_CASE("the bits are those of the PCG32 reference for seed 42, stream 54") {
  random_generator random{42, 54};
  const std::array<std::uint32_t, 6> published{0xa15c02b7U, 0x7b47f409U, 0xba1d3330U,
                                               0x83d2f293U, 0xbfa4784bU, 0xcbed606eU};
  for (const std::uint32_t wanted : published) CHECK(random.next() == wanted);
}

TEST_CASE("normal has the moments and the tails of the normal distribution") {
  random_generator random{1};
  const int n = 1000000;
  double sum = 0.0, squares = 0.0, fourths = 0.0;
  int beyond_one = 0, beyond_three = 0;
  for (int i = 0; i < n; ++i) {
    const double x = random.normal();
    sum += x;
    squares += x * x;
    fourths += x * x * x * x;
    beyond_one += std::abs(x) > 1.0;
    beyond_three += std::abs(x) > 3.0;
  }
  // Deviations of the means of x, x^2, x^4: 1, sqrt 2, sqrt 96, over sqrt n = 1000.
  CHECK(std::abs(sum / n) < 5e-3);
  CHECK(std::abs(squares / n - 1.0) < 5.0 * 1.4143e-3);
  CHECK(std::abs(fourths / n - 3.0) < 5.0 * 9.798e-3);
  CHECK(std::abs(beyond_one / double{n} - 0.3173105) < 5.0 * 4.654e-4);
  CHECK(std::abs(beyond_three / double{n} - 0.0026998) < 5.0 * 5.19e-5);
}

TEST_CASE("uniform and below fill their ranges evenly") {
  random_generator random{2};
  const int n = 600000;
  double sum = 0.0, least = 1.0, greatest = 0.0;
  std::array<int, 6> counts{};
  for (int i = 0; i < n; ++i) {
    const double u = random.uniform();
    sum += u;
    least = std::min(least, u);
    greatest = std::max(greatest, u);
    ++counts[random.below(6)];
  }
  CHECK(least >= 0.0);
  CHECK(greatest < 1.0);
  CHECK(std::abs(sum / n - 0.5) < 5.0 * 0.2887 / std::sqrt(double{n}));
  // n / 6 with deviation sqrt(n 5 / 36) = 289.
  for (const int count : counts) CHECK(std::abs(count - n / 6) < 5 * 289);
}

TEST_CASE("shuffle permutes, and every permutation of three is equally likely") {
  random_generator random{3};
  std::array<int, 6> counts{};
  for (int i = 0; i < 60000; ++i) {
    std::array<std::size_t, 3> order{0, 1, 2};
    random.shuffle(std::span<std::size_t>{order});
    std::array<std::size_t, 3> sorted = order;
    std::sort(sorted.begin(), sorted.end());
    REQUIRE(sorted == std::array<std::size_t, 3>{0, 1, 2});
    ++counts[2 * order[0] + (order[1] > order[2] ? 1 : 0)];
  }
  // 10000 with deviation sqrt(60000 5 / 36) = 91.
  for (const int count : counts) CHECK(std::abs(count - 10000) < 5 * 91);
}

TEST_CASE("streams of one seed differ, and a copy repeats its original") {
  random_generator first{7, 0}, second{7, 1}, copy = first;
  int same = 0;
  for (int i = 0; i < 1000; ++i) {
    const std::uint32_t bits = first.next();
    same += bits == second.next();
    CHECK(copy.next() == bits);
  }
  CHECK(same < 3);
}
