// SPDX-License-Identifier: MIT
// branch_score: what a frame costs with one exit alone, on an example whose answer is known.
#include <flexdnn/search/branch_score.hpp>

#include <doctest/doctest.h>

#include <array>

using namespace flexdnn;

TEST_CASE("a candidate's score: what a frame costs with it alone, within the limit") {
  exit_trace trace(2);
  for (int i = 0; i < 200; ++i) {
    // Of the less confident half every fifth is wrong at the exit and right at the end.
    const std::array labels{i < 100 && i % 5 == 0 ? 1 : 0, 0};
    trace.add(labels, std::array{0.004F * static_cast<float>(i), 1.0F}, 0);
  }
  const exit_costs costs{.trunk = {20.0, 100.0}, .branch = {1.0, 0.0}};
  const branch_score none = score_of(trace, 0, costs, {.most = 0.0}),
                     some = score_of(trace, 0, costs, {.most = 0.01}),
                     all = score_of(trace, 0, costs, {.most = 1.0});
  CHECK(none.rate < some.rate);
  CHECK(some.rate > 0.2);
  CHECK(all.rate == 1.0);
  CHECK(all.expected_cost == doctest::Approx(21.0));
  CHECK(some.expected_cost == doctest::Approx(21.0 + (1.0 - some.rate) * 80.0));
}
