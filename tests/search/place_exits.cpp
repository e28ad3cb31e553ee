// SPDX-License-Identifier: MIT
// place_exits: the toy of ten layers by hand, and planners against brute force on random traces.
#include <flexdnn/search/place_exits.hpp>

#include <doctest/doctest.h>

#include <numeric>
#include <random>

using namespace flexdnn;

namespace {

/// Ten layers of cost 10, candidates after the first nine; 5 % of the frames leave at each, branches cost 1.
struct ten_layers {
  exit_costs costs;
  cumulative_rates rates;

  ten_layers() {
    for (int layer = 1; layer <= 10; ++layer) {
      costs.trunk.push_back(10.0 * layer);
      costs.branch.push_back(layer < 10 ? 1.0 : 0.0);
      if (layer < 10) rates.push_back(0.05 * layer);
    }
  }

  /// The same as 20 frames.
  [[nodiscard]] exit_trace trace() const {
    exit_trace t(10);
    for (int frame = 0; frame < 20; ++frame) {
      std::vector<float> confidence;
      for (int e = 0; e < 10; ++e) confidence.push_back(frame <= e ? 1.0F : 0.0F);
      t.add(std::vector<int>(10, 0), confidence, 0);
    }
    return t;
  }
};

using numbers = std::vector<std::size_t>;

numbers first_frames(std::size_t count) {
  numbers all(count);
  std::iota(all.begin(), all.end(), std::size_t{0});
  return all;
}

/// Candidates, a trace and costs at random. nested: confidences do not fall from exit to exit.
struct random_problem {
  exit_trace trace;
  exit_thresholds thresholds;
  exit_costs costs;
  numbers frames = first_frames(60);

  random_problem(unsigned seed, std::size_t candidates, bool nested) : trace(candidates + 1) {
    std::mt19937 bits(seed);
    const auto uniform = [&] { return static_cast<float>(bits() >> 8) * 0x1p-24F; };
    double trunk = 0.0;
    for (std::size_t e = 0; e <= candidates; ++e) {
      trunk += uniform() < 0.2F ? 0.0 : double{uniform()};
      costs.trunk.push_back(trunk);
      costs.branch.push_back(uniform() < 0.1F ? 0.0 : 0.1 * double{uniform()});
      if (e < candidates) thresholds.push_back(uniform() < 0.1F ? no_exit : 0.4F + 0.6F * uniform());
    }
    if (nested) thresholds.assign(candidates, 0.7F);
    for (std::size_t i = 0; i < frames.size(); ++i) {
      std::vector<float> confidence(candidates + 1);
      std::vector<int> label(candidates + 1);
      for (std::size_t e = 0; e <= candidates; ++e) {
        confidence[e] = uniform();
        if (nested && e > 0) confidence[e] = std::max(confidence[e] * 0.8F, confidence[e - 1]);
        label[e] = uniform() < 0.2F ? 1 : 0;
      }
      trace.add(label, confidence, 0);
    }
  }

  [[nodiscard]] exit_outcome outcome(const insertion_plan& plan, exit_loss loss) const {
    return apply(trace, costs, only(thresholds, plan.kept), frames, loss);
  }

  /// Least cost of all sets of candidates within the limit; the backbone's where there is none.
  [[nodiscard]] double brute_force(const loss_limit& limit) const {
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t set = 0; set >> thresholds.size() == 0; ++set) {
      numbers kept;
      for (std::size_t e = 0; e < thresholds.size(); ++e) {
        if ((set >> e & 1) != 0) kept.push_back(e);
      }
      const exit_outcome o = outcome({kept}, limit.loss);
      if (o.loss <= limit.most + 1e-9) least = std::min(least, o.cost);
    }
    return least < std::numeric_limits<double>::infinity() ? least : costs.backbone();
  }
};

}  // namespace

TEST_CASE(
    "search/place_exits: the rule of one shot deletes every exit that its iteration and the optimum keep") {
  const ten_layers toy;
  const numbers every = first_frames(9);
  CHECK(nested_cost(toy.rates, toy.costs, every) == doctest::Approx(84.7));
  const auto check = [](const insertion_plan& plan, const numbers& layers, double cost) {
    numbers kept = plan.kept;
    for (std::size_t& e : kept) ++e;
    CHECK(kept == layers);
    CHECK(plan.cost == doctest::Approx(cost));
  };
  check(one_shot_plan(toy.rates, toy.costs), {}, 100.0);
  check(iterative_plan(toy.rates, toy.costs), {2, 4, 6, 8}, 83.4);
  check(optimal_plan(toy.rates, toy.costs), {2, 4, 6, 8}, 83.4);
  const exit_trace trace = toy.trace();
  const exit_thresholds half(9, 0.5F);
  const numbers frames = first_frames(20);
  check(one_shot_plan(trace, half, toy.costs, frames), {}, 100.0);
  check(iterative_plan(trace, half, toy.costs, frames), {2, 4, 6, 8}, 83.4);
  check(optimal_plan(trace, half, toy.costs, frames), {2, 4, 6, 8}, 83.4);
}

TEST_CASE("search/place_exits: R by hand") {
  // After half of a backbone of 10 leaves half of the frames: R = 0.5 * 5 / branch.
  const cumulative_rates half{0.5};
  CHECK(one_shot_plan(half, {{5.0, 10.0}, {2.4, 0.0}}).kept == numbers{0});
  CHECK(one_shot_plan(half, {{5.0, 10.0}, {2.4, 0.0}}).cost == doctest::Approx(9.9));
  CHECK(one_shot_plan(half, {{5.0, 10.0}, {2.6, 0.0}}).kept.empty());
  CHECK(iterative_plan(half, {{5.0, 10.0}, {2.4, 0.0}}).kept == numbers{0});
  CHECK(iterative_plan(half, {{5.0, 10.0}, {2.6, 0.0}}).kept.empty());
  // A final branch is saved too: R = 0.5 * (5 + 1) / branch.
  CHECK(one_shot_plan(half, {{5.0, 10.0}, {2.6, 1.0}}).kept == numbers{0});
  // Second of two: R = (0.75 - 0.5) * 4 / (0.5 * branch).
  CHECK(one_shot_plan({0.5, 0.75}, {{2.0, 6.0, 10.0}, {0.1, 1.9, 0.0}}).kept == numbers{0, 1});
  CHECK(one_shot_plan({0.5, 0.75}, {{2.0, 6.0, 10.0}, {0.1, 2.1, 0.0}}).kept == numbers{0});
}

TEST_CASE("search/place_exits: the optimum equals brute force, and no planner beats it") {
  for (unsigned seed = 0; seed < 120; ++seed) {
    CAPTURE(seed);
    const random_problem p(seed, 1 + seed % 8, seed % 3 == 0);
    const insertion_plan best = optimal_plan(p.trace, p.thresholds, p.costs, p.frames);
    CHECK(best.cost == doctest::Approx(p.brute_force({})).epsilon(1e-9));
    CHECK(best.cost == doctest::Approx(p.outcome(best, exit_loss::wrong).cost).epsilon(1e-9));
    for (const insertion_plan& other : {one_shot_plan(p.trace, p.thresholds, p.costs, p.frames),
                                        iterative_plan(p.trace, p.thresholds, p.costs, p.frames)}) {
      CHECK(best.cost <= other.cost * (1.0 + 1e-9));
      CHECK(other.cost == doctest::Approx(p.outcome(other, exit_loss::wrong).cost).epsilon(1e-9));
    }
  }
}

TEST_CASE("search/place_exits: the cheapest plan that keeps a limit of loss") {
  for (unsigned seed = 0; seed < 120; ++seed) {
    CAPTURE(seed);
    const random_problem p(seed, 1 + seed % 7, seed % 3 == 0);
    const exit_loss losses[] = {exit_loss::wrong, exit_loss::accuracy_gap, exit_loss::disagreement};
    const loss_limit limit{0.05 * static_cast<double>(seed % 5), losses[seed % 3]};  // whole frames of 60
    const insertion_plan best = optimal_plan(p.trace, p.thresholds, p.costs, p.frames, limit);
    CHECK(best.cost == doctest::Approx(p.brute_force(limit)).epsilon(1e-9));
    CHECK(optimal_plan(p.trace, p.thresholds, p.costs, p.frames, {-1.0, limit.loss}).kept.empty());
    CHECK((best.kept.empty() || p.outcome(best, limit.loss).loss <= limit.most + 1e-9));
  }
}

TEST_CASE("search/place_exits: where exits nest, rates say all that a trace says") {
  for (unsigned seed = 0; seed < 60; ++seed) {
    CAPTURE(seed);
    const random_problem p(seed, 1 + seed % 12, true);
    const cumulative_rates rates = rates_of(p.trace, p.thresholds, p.frames);
    const auto same = [](const insertion_plan& from_rates, const insertion_plan& from_trace) {
      CHECK(from_rates.cost == doctest::Approx(from_trace.cost).epsilon(1e-9));
    };
    same(one_shot_plan(rates, p.costs), one_shot_plan(p.trace, p.thresholds, p.costs, p.frames));
    same(iterative_plan(rates, p.costs), iterative_plan(p.trace, p.thresholds, p.costs, p.frames));
    same(optimal_plan(rates, p.costs), optimal_plan(p.trace, p.thresholds, p.costs, p.frames));
    const insertion_plan best = optimal_plan(rates, p.costs);
    CHECK(nested_cost(rates, p.costs, best.kept) == doctest::Approx(best.cost).epsilon(1e-9));
  }
}

TEST_CASE("search/place_exits: a unit of cost changes no plan") {
  for (unsigned seed = 0; seed < 30; ++seed) {
    CAPTURE(seed);
    const random_problem p(seed, 9, seed % 2 == 0);
    exit_costs finer = p.costs;
    for (std::vector<double>* const each : {&finer.trunk, &finer.branch}) {
      for (double& c : *each) c *= 1024.0;
    }
    const auto kept = [&](auto planner) { return planner(p.costs).kept == planner(finer).kept; };
    CHECK(kept([&](const exit_costs& c) { return one_shot_plan(p.trace, p.thresholds, c, p.frames); }));
    CHECK(kept([&](const exit_costs& c) { return iterative_plan(p.trace, p.thresholds, c, p.frames); }));
    CHECK(kept([&](const exit_costs& c) { return optimal_plan(p.trace, p.thresholds, c, p.frames); }));
  }
}

TEST_CASE("search/place_exits: free branches stay, useless and absent ones go") {
  ten_layers toy;
  const numbers every = first_frames(9);
  toy.costs.branch.assign(10, 0.0);
  CHECK(one_shot_plan(toy.rates, toy.costs).kept == every);
  CHECK(iterative_plan(toy.rates, toy.costs).kept == every);
  CHECK(optimal_plan(toy.rates, toy.costs).kept == every);
  const exit_trace trace = toy.trace();
  const numbers frames = first_frames(20);
  for (const exit_thresholds& t : {exit_thresholds(9, no_exit), exit_thresholds(9, 1.0F)}) {
    CHECK(one_shot_plan(trace, t, toy.costs, frames).kept.empty());
    CHECK(iterative_plan(trace, t, toy.costs, frames).kept.empty());
    CHECK(optimal_plan(trace, t, toy.costs, frames).kept.empty());
  }
  CHECK(optimal_plan({}, {{10.0}, {0.0}}).cost == 10.0);  // no candidates
}

TEST_CASE("search/place_exits: everything leaves at the first candidate") {
  const exit_costs costs{{1.0, 2.0, 10.0}, {0.5, 0.5, 0.0}};
  CHECK(iterative_plan({1.0, 1.0}, costs).kept == numbers{0});  // at the second nobody is left: no 0 / 0
  CHECK(one_shot_plan({1.0, 1.0}, costs).kept == numbers{0});
  CHECK(optimal_plan({1.0, 1.0}, costs).cost == doctest::Approx(1.5));
}

TEST_CASE("search/place_exits: 27 candidates that do not nest, as many as ResNet-56 has blocks") {
  const random_problem p(1, 27, false);
  const insertion_plan best = optimal_plan(p.trace, p.thresholds, p.costs, p.frames);
  CHECK(best.cost <= iterative_plan(p.trace, p.thresholds, p.costs, p.frames).cost);
  CHECK(best.cost <= one_shot_plan(p.trace, p.thresholds, p.costs, p.frames).cost);
}

TEST_CASE("search/place_exits: the most candidates that are taken") {
  const random_problem p(2, most_candidates, true);
  const cumulative_rates rates = rates_of(p.trace, p.thresholds, p.frames);
  CHECK(optimal_plan(rates, p.costs).cost ==
        doctest::Approx(optimal_plan(p.trace, p.thresholds, p.costs, p.frames).cost).epsilon(1e-9));
}
