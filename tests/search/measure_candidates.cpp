// SPDX-License-Identifier: MIT
// measure_candidates: a number for everything, none of them negative; the trunk's do not fall.
#include <flexdnn/search/measure_candidates.hpp>

#include <doctest/doctest.h>

#include "problem.hpp"

using namespace search_test;

TEST_CASE("seconds of trunk and branches") {
  random_generator random(1);
  const auto drawn_at = [&](int cut, std::vector<branch_stage> stages) {
    return exit_candidate{cut,
                          drawn({trunk_probe<small_backbone>::extent(cut), 3, std::move(stages)}, random)};
  };
  const std::vector<exit_candidate> all{drawn_at(1, {{branch_stage::kind::separable, 16}}), drawn_at(3, {})};
  const std::vector<float> frame(small_backbone::frame.size(), 0.5F);
  const exit_costs costs = measure_candidates(*freeze(random_trunk()), all, frame, 3);
  REQUIRE(costs.trunk.size() == 3);
  REQUIRE(costs.branch.size() == 3);
  for (std::size_t e = 0; e < 3; ++e) {
    CHECK(std::isfinite(costs.trunk[e]));
    CHECK(costs.branch[e] > 0.0);
    CHECK(costs.trunk[e] >= (e > 0 ? costs.trunk[e - 1] : 0.0));
  }
}
