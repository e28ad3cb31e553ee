// SPDX-License-Identifier: MIT
// threshold_path: Pareto laws, thresholds that do what the path says, and brute force.
#include <doctest/doctest.h>

#include <cmath>
#include <flexdnn/calibrate/threshold_path.hpp>

#include "simulation.hpp"

using namespace flexdnn;

namespace {

exit_costs evenly_spaced(std::size_t exits) {
  exit_costs costs;
  for (std::size_t e = 0; e < exits; ++e) {
    costs.trunk.push_back(static_cast<double>(e + 1));
    costs.branch.push_back(e + 1 < exits ? 0.05 : 0.0);
  }
  return costs;
}

/// Every vector of thresholds that tells these frames apart, once the others are fixed.
std::vector<exit_thresholds> every_vector(const exit_trace& trace, const frame_set& frames) {
  std::vector<exit_thresholds> all{{}};
  for (std::size_t e = 0; e + 1 < trace.exits(); ++e) {
    std::vector<exit_thresholds> longer;
    for (const exit_thresholds& t : all) {
      const auto with = [&](float last) {
        longer.push_back(t);
        longer.back().push_back(last);
      };
      with(never_leave);
      with(always_leave);
      for (const std::size_t i : frames) with(trace.confidence(e, i));
    }
    all = std::move(longer);
  }
  return all;
}

}  // namespace

TEST_CASE("threshold path: from never leaving, cost falls and loss rises; costs are what thresholds do") {
  const exit_trace trace = simulation::trace_of(600, 4, 1);
  const exit_costs costs = evenly_spaced(4);
  const frame_set searched = simulation::frames_from(0, 400);
  for (const exit_loss loss : {exit_loss::accuracy_gap, exit_loss::disagreement, exit_loss::wrong}) {
    const auto path = threshold_path(trace, costs, exit_thresholds(3, never_leave), searched, loss);
    CHECK(path.size() > 20);
    for (std::size_t s = 0; s < path.size(); ++s) {
      const exit_outcome o = apply(trace, costs, path[s].thresholds, searched, loss);
      CHECK(path[s].cost == doctest::Approx(o.cost));
      CHECK(std::abs(path[s].loss - o.loss) < 0.04);
      if (s == 0) continue;
      CHECK(path[s].cost < path[s - 1].cost);
      CHECK(path[s].loss > path[s - 1].loss);
    }
    CHECK(path.back().cost == doctest::Approx(1.05));  // all leave at the first exit
    if (loss == exit_loss::wrong) continue;
    CHECK(path.front().thresholds == exit_thresholds(3, never_leave));
    CHECK(path.front().loss == 0.0);
  }
}

TEST_CASE("threshold path: an exit that is out stays out, and one without an early exit is one setting") {
  const exit_trace trace = simulation::trace_of(300, 3, 2);
  const frame_set all = simulation::frames_from(0, 300);
  const auto path = threshold_path(trace, evenly_spaced(3), {no_exit, 0.3F}, all);
  CHECK(path.front().thresholds == exit_thresholds{no_exit, never_leave});
  CHECK(path.front().cost == doctest::Approx(3.05));
  for (const pareto_point& p : path) CHECK(p.thresholds[0] == no_exit);
  CHECK(path.back().cost == doctest::Approx(2.05));
  CHECK(threshold_path(trace, evenly_spaced(3), {no_exit, no_exit}, all).size() == 1);
  CHECK(threshold_path(simulation::trace_of(10, 1, 1), {{1.0}, {0.0}}, {}, simulation::frames_from(0, 10))
            .size() == 1);
}

TEST_CASE("threshold path: confidences that are NaN or equal") {
  exit_trace trace(2);
  for (int i = 0; i < 6; ++i) {
    trace.add(std::array{0, 0}, std::array{i < 2 ? std::nanf("") : 0.5F, 1.0F}, 0);
  }
  const frame_set all = simulation::frames_from(0, 6);
  const auto path = threshold_path(trace, {{1.0, 4.0}, {0.0, 0.0}}, {never_leave}, all);
  REQUIRE(path.size() == 2);  // all that may leave do, or none
  CHECK(path[1].cost == doctest::Approx((4 * 1.0 + 2 * 4.0) / 6));
}

TEST_CASE("threshold path: no vector of thresholds is cheaper at the same expected loss, by brute force") {
  for (const auto& [exits, frames, seeds] :
       {std::array{2, 200, 5}, std::array{3, 100, 5}, std::array{4, 20, 3}}) {
    const auto count = static_cast<std::size_t>(exits);
    const frame_set searched = simulation::frames_from(0, static_cast<std::size_t>(frames));
    const exit_costs costs = evenly_spaced(count);
    for (int seed = 0; seed < seeds; ++seed) {
      const exit_trace trace = simulation::trace_of(searched.size(), count, static_cast<unsigned>(seed));
      const exit_thresholds start(count - 1, never_leave);
      const auto path = threshold_path(trace, costs, start, searched);
      const detail::threshold_search search(trace, costs, start, searched, exit_loss::accuracy_gap);
      std::vector<double> least(path.size(), costs.backbone() * 2);
      for (const exit_thresholds& t : every_vector(trace, searched)) {
        const pareto_point p = search.outcome(t);
        for (std::size_t s = path.size(); s-- > 0 && p.loss <= path[s].loss + 1e-12;) {
          least[s] = std::min(least[s], p.cost);
        }
      }
      for (std::size_t s = 0; s < path.size(); ++s) CHECK(path[s].cost <= 1.000'001 * least[s]);
    }
  }
}
