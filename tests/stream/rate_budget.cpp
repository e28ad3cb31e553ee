// SPDX-License-Identifier: MIT
// rate_budget: no more is spent than was earned and saved; what is affordable is the most accurate level.
#include <flexdnn/stream/rate_budget.hpp>

#include <doctest/doctest.h>

#include <array>
#include <limits>
#include <random>

using namespace flexdnn;

namespace {
constexpr std::int64_t second = 1'000'000'000;
}

TEST_CASE("begins full, earns with the time, saves no more than the burst") {
  rate_budget budget(2.0, 5.0);
  budget.earn(100 * second);  // the first call begins
  CHECK(budget.saved() == 5.0);
  budget.spend(7.0);
  CHECK(budget.saved() == -2.0);
  budget.earn(102 * second);
  CHECK(budget.saved() == doctest::Approx(2.0));
  budget.earn(102 * second);
  CHECK(budget.saved() == doctest::Approx(2.0));
  budget.earn(200 * second);
  CHECK(budget.saved() == 5.0);
}

TEST_CASE("the most accurate level that can be paid for; the floor where none can") {
  const std::array costs{4.0, 2.0, 1.0};
  rate_budget budget(1.0, 4.0);
  CHECK(budget.affords(costs) == 0);
  budget.spend(0.5);
  CHECK(budget.affords(costs) == 1);
  budget.spend(2.0);
  CHECK(budget.affords(costs) == 2);
  budget.spend(9.0);
  CHECK(budget.affords(costs) == 2);
  CHECK(budget.affords({}) == 0);
}

TEST_CASE("over any stretch of a stream: rate x time, the burst and a frame at most") {
  const std::array costs{4.0, 2.0, 0.5};
  constexpr double rate = 60.0, burst = 20.0;  // 30 frames a second: 2 a frame
  rate_budget budget(rate, burst);
  std::mt19937 random(1);
  double spent = 0.0, least = 0.0, worst = 0.0;  // spent - rate x time: its rise over any stretch
  std::array<int, 3> taken{};
  for (std::int64_t k = 0; k < 30'000; ++k) {
    const std::int64_t now = k * second / 30;
    budget.earn(now);
    const std::size_t level = budget.affords(costs);
    const double cost = costs[level] * std::uniform_real_distribution(0.5, 1.5)(random);
    least = std::min(least, spent - rate * 1e-9 * static_cast<double>(now));
    budget.spend(cost);
    spent += cost;
    worst = std::max(worst, spent - rate * 1e-9 * static_cast<double>(now) - least);
    ++taken[level];
  }
  CHECK(worst <= burst + 1.5 * 4.0);
  CHECK(spent >= 0.97 * rate * 1000.0);  // and it is spent
  for (const int n : taken) CHECK(n > 0);
}
