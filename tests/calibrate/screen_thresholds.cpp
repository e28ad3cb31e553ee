// SPDX-License-Identifier: MIT
// screen_thresholds: every vector once with what it does; the known best of a toy, and brute force.
#include <flexdnn/calibrate/screen_thresholds.hpp>

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <limits>
#include <set>

#include "simulation.hpp"

using namespace flexdnn;

namespace {

const exit_costs toy_costs{.trunk = {1.0, 2.0, 4.0}, .branch = {0.5, 0.25, 0.0}};

/// Two early exits, entropies negated; the final exit is right on all of ten frames. The first exit is wrong
/// on frame 6 alone, of entropy 0.5; the second on frames 8 and 9, of 0.9.
exit_trace toy() {
  exit_trace trace(3);
  for (int i = 0; i < 10; ++i) {
    const float first = i < 6 ? 0.1F : i == 6 ? 0.5F : 2.0F, second = i < 8 ? 0.2F : 0.9F;
    trace.add(std::array{i == 6 ? 1 : 0, i >= 8 ? 1 : 0, 0}, std::array{-first, -second, 0.0F}, 0);
  }
  return trace;
}

const std::array toy_grid{-0.3F, -0.7F, -1.0F};  // of entropies below 0.3, 0.7 and 1 nats

}  // namespace

TEST_CASE("screening: the first vector never leaves, no vector comes twice, each does what it says") {
  const exit_trace trace = simulation::trace_of(200, 4, 7);
  const exit_costs costs{.trunk = {1, 2, 3, 4}, .branch = {0.1, 0.1, 0.1, 0}};
  const frame_set some = simulation::frames_from(50, 150);
  const auto screened = screen_thresholds(trace, costs, std::array{0.4F, 0.6F, 0.8F}, some);
  REQUIRE(screened.size() == 64);
  CHECK(screened.front().thresholds == exit_thresholds(3, never_leave));
  CHECK(screened.front().cost == doctest::Approx(4.3));
  CHECK(screened.front().loss == 0.0);
  std::set<exit_thresholds> different;
  for (const pareto_point& p : screened) {
    different.insert(p.thresholds);
    const exit_outcome o = apply(trace, costs, p.thresholds, some);
    CHECK(p.cost == o.cost);
    CHECK(p.loss ==
          doctest::Approx(apply(trace, costs, screened.front().thresholds, some).accuracy - o.accuracy));
  }
  CHECK(different.size() == screened.size());
}

TEST_CASE("screening: the known best of a toy, limit by limit") {
  const exit_trace trace = toy();
  const auto screened = screen_thresholds(trace, toy_costs, toy_grid, trace.all());
  REQUIRE(screened.size() == 16);
  const auto best = [&](double most) { return *cheapest_within(most, screened); };
  // Six leave at the first exit (1.5), two at the second (2.75), two at the end (4.75).
  CHECK(best(0.0).thresholds == exit_thresholds{-0.3F, -0.3F});
  CHECK(best(0.0).cost == doctest::Approx((6 * 1.5 + 2 * 2.75 + 2 * 4.75) / 10));
  CHECK(best(0.0).loss == 0.0);
  // Frame 6 may be wrong: it leaves at the first exit too.
  CHECK(best(0.1).thresholds == exit_thresholds{-0.7F, -0.3F});
  CHECK(best(0.1).cost == doctest::Approx((7 * 1.5 + 2.75 + 2 * 4.75) / 10));
  // Two may be: frames 8 and 9 at the second exit save 4, frame 6 at the first only 1.25.
  CHECK(best(0.2).thresholds == exit_thresholds{-0.3F, -1.0F});
  CHECK(best(0.3).thresholds == exit_thresholds{-0.7F, -1.0F});
  CHECK(best(0.3).loss == doctest::Approx(0.3));
}

TEST_CASE("screening: at the same cost the more accurate vector; above every loss, none") {
  const std::array tied{pareto_point{{0.5F}, 1.0, 0.02}, pareto_point{{0.4F}, 1.0, 0.01},
                        pareto_point{{0.3F}, 2.0, 0.0}};
  CHECK(cheapest_within(0.05, tied) == &tied[1]);
  CHECK(cheapest_within(0.005, tied) == &tied[2]);
  CHECK(cheapest_within(-0.005, tied) == nullptr);
  CHECK(cheapest_within(std::nan(""), tied) == nullptr);
}

TEST_CASE("screening: leaving early may gain, and entropies that are NaN stay") {
  exit_trace trace(2);
  trace.add(std::array{0, 1}, std::array{-0.1F, 0.0F}, 0);          // only the early exit is right
  trace.add(std::array{1, 0}, std::array{std::nanf(""), 0.0F}, 0);  // and here only the final one
  const exit_costs costs{.trunk = {1.0, 2.0}, .branch = {0.0, 0.0}};
  const auto screened = screen_thresholds(trace, costs, std::array{-10.0F}, trace.all());
  CHECK(cheapest_within(-0.5, screened)->thresholds == exit_thresholds{-10.0F});
  CHECK(cheapest_within(-0.5, screened)->cost == doctest::Approx(1.5));
}

TEST_CASE("screening: a plain backbone has one vector") {
  const exit_trace trace = simulation::trace_of(20, 1, 3);
  const auto screened = screen_thresholds(trace, {{1.0}, {0.0}}, toy_grid, trace.all());
  REQUIRE(screened.size() == 1);
  CHECK(screened.front().thresholds.empty());
}
