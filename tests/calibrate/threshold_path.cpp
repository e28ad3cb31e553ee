// SPDX-License-Identifier: MIT
// threshold_path: Pareto laws, thresholds that do what the path says, and brute force.
#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <flexdnn/calibrate/threshold_path.hpp>
#include <limits>

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

/// With confidences in sixteenths, and some that are NaN.
exit_trace in_steps(const exit_trace& trace) {
  exit_trace coarse(trace.exits());
  for (std::size_t i = 0; i < trace.frames(); ++i) {
    std::vector<int> labels;
    std::vector<float> confidences;
    for (std::size_t e = 0; e < trace.exits(); ++e) {
      labels.push_back(trace.label(e, i));
      confidences.push_back((i + e) % 10 == 3 ? std::nanf("")
                                              : std::floor(16.0F * trace.confidence(e, i)) / 16.0F);
    }
    coarse.add(labels, confidences, trace.truth(i));
  }
  return coarse;
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

TEST_CASE("threshold path: descent settles, and no frames are one setting") {
  const exit_trace trace = simulation::trace_of(400, 4, 3);
  const frame_set all = simulation::frames_from(0, 400);
  const detail::threshold_search search(trace, evenly_spaced(4), exit_thresholds(3, never_leave), all,
                                        exit_loss::accuracy_gap);
  for (const double price : {1.0, 10.0, 100.0}) {
    exit_thresholds t(3, never_leave);
    search.descend(price, t);
    const exit_thresholds settled = t;
    search.descend(price, t);
    CHECK(t == settled);
    // From the other end it comes to the same.
    exit_thresholds from_below(3, always_leave);
    search.descend(price, from_below);
    const pareto_point above = search.outcome(t), below = search.outcome(from_below);
    CHECK(above.cost + price * above.loss == doctest::Approx(below.cost + price * below.loss).epsilon(1e-3));
  }
  CHECK(threshold_path(trace, evenly_spaced(4), exit_thresholds(3, never_leave), {}).size() == 1);
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

TEST_CASE("threshold path: frames of one confidence leave together, or none of them does") {
  // At the first exit, the frames in order of confidence: one that saves 20, three equally confident that
  // lose 9 each (the second exit is nearer), one that saves 20. Leaving there is worth 13 in all, and not 20
  // and no more.
  exit_trace trace(3);
  for (const auto& [first, second] :
       {std::pair{0.8F, 0.1F}, {0.8F, 0.9F}, {0.8F, 0.9F}, {0.8F, 0.9F}, {0.5F, 0.1F}}) {
    trace.add(std::array{0, 0, 0}, std::array{first, second, 1.0F}, 0);
  }
  const exit_costs costs{.trunk = {10.0, 1.0, 30.0}, .branch = {0.0, 0.0, 0.0}};
  const frame_set all = simulation::frames_from(0, 5);
  const detail::threshold_search search(trace, costs, {never_leave, never_leave}, all,
                                        exit_loss::accuracy_gap);
  CHECK(search.best(0, 0.0, {never_leave, 0.5F}) == always_leave);
}

TEST_CASE("threshold path: no vector of thresholds is cheaper at the same expected loss, by brute force") {
  struct problem {
    std::size_t exits, frames;
    unsigned seeds;
  };
  for (const problem& p : {problem{2, 200, 5}, problem{3, 100, 5}, problem{4, 20, 3}}) {
    const frame_set searched = simulation::frames_from(0, p.frames);
    const exit_costs costs = evenly_spaced(p.exits);
    const exit_thresholds start(p.exits - 1, never_leave);
    for (unsigned seed = 0; seed < 2 * p.seeds; ++seed) {
      exit_trace trace = simulation::trace_of(p.frames, p.exits, seed);
      if (seed >= p.seeds) trace = in_steps(trace);
      const auto path = threshold_path(trace, costs, start, searched);
      const detail::threshold_search search(trace, costs, start, searched, exit_loss::accuracy_gap);
      std::vector<double> least(path.size(), std::numeric_limits<double>::infinity());
      for (const exit_thresholds& t : every_vector(trace, searched)) {
        const pareto_point other = search.outcome(t);
        for (std::size_t s = path.size(); s-- > 0 && other.loss <= path[s].loss + 1e-12;) {
          least[s] = std::min(least[s], other.cost);
        }
      }
      for (std::size_t s = 0; s < path.size(); ++s) CHECK(path[s].cost <= 1.000'001 * least[s]);
    }
  }
}
