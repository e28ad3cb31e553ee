// SPDX-License-Identifier: MIT
// insertion_plan: rates and costs of a plan by hand.
#include <flexdnn/search/insertion_plan.hpp>

#include <doctest/doctest.h>

#include <array>

using namespace flexdnn;

TEST_CASE("search/insertion_plan: exits that are dropped are not there") {
  const std::vector<std::size_t> kept{1, 2};
  CHECK(only({0.1F, 0.2F, 0.3F, 0.4F}, kept) == exit_thresholds{no_exit, 0.2F, 0.3F, no_exit});
}

TEST_CASE("search/insertion_plan: cumulative rates of a trace") {
  exit_trace trace(3);
  for (const auto& confidence : {std::array{0.9F, 0.1F, 0.9F}, std::array{0.1F, 0.9F, 0.9F},
                                 std::array{0.1F, 0.1F, 0.1F}, std::array{0.9F, 0.9F, 0.9F}}) {
    trace.add(std::array{0, 0, 0}, confidence, 0);
  }
  const frame_set all{0, 1, 2, 3}, last_three{1, 2, 3};
  CHECK(rates_of(trace, {0.5F, 0.5F}, all) == cumulative_rates{0.5, 0.75});
  CHECK(rates_of(trace, {no_exit, 0.5F}, all) == cumulative_rates{0.0, 0.5});
  CHECK(rates_of(trace, {0.5F, no_exit}, last_three) == cumulative_rates{1.0 / 3, 1.0 / 3});
}

TEST_CASE("search/insertion_plan: cost of a mean frame where exits nest") {
  const exit_costs costs{.trunk = {10.0, 20.0, 40.0}, .branch = {1.0, 2.0, 4.0}};
  const cumulative_rates rates{0.25, 0.5};
  const std::vector<std::size_t> none, second{1}, both{0, 1};
  CHECK(nested_cost(rates, costs, none) == doctest::Approx(44.0));
  CHECK(nested_cost(rates, costs, second) == doctest::Approx(0.5 * 22.0 + 0.5 * 46.0));
  CHECK(nested_cost(rates, costs, both) == doctest::Approx(0.25 * 11.0 + 0.25 * 23.0 + 0.5 * 47.0));
}
