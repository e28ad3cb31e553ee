// SPDX-License-Identifier: MIT
// choose_exits: never dearer than the optimal plan at each exit's own thresholds, and the best of small sets.
#include <flexdnn/search/choose_exits.hpp>

#include <doctest/doctest.h>

#include <array>
#include <numeric>
#include <random>

using namespace flexdnn;

namespace {

/// Later exits are right more often, and confidence goes with it.
exit_trace growing_trace(std::size_t exits, std::size_t frames, std::uint32_t seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<float> uniform(0.0F, 1.0F);
  exit_trace trace(exits);
  for (std::size_t i = 0; i < frames; ++i) {
    const float difficulty = uniform(random);
    std::vector<int> labels;
    std::vector<float> confidences;
    for (std::size_t e = 0; e < exits; ++e) {
      const float skill = static_cast<float>(e + 1) / static_cast<float>(exits);
      const float sure =
          std::clamp(skill + 0.6F - difficulty + 0.3F * (uniform(random) - 0.5F), 0.01F, 0.99F);
      labels.push_back(uniform(random) < 0.55F + 0.45F * sure ? 0 : 1);
      confidences.push_back(sure);
    }
    trace.add(labels, confidences, 0);
  }
  return trace;
}

exit_costs even_costs(std::size_t exits) {
  exit_costs costs;
  for (std::size_t e = 0; e < exits; ++e) {
    costs.trunk.push_back(100.0 * static_cast<double>(e + 1) / static_cast<double>(exits));
    costs.branch.push_back(e + 1 < exits ? 4.0 : 0.0);
  }
  return costs;
}

}  // namespace

TEST_CASE("the best of all sets, of a few candidates; within the limit") {
  int equal = 0;
  for (const std::uint32_t seed : {1U, 2U, 3U, 4U}) {
    const exit_trace trace = growing_trace(5, 300, seed);
    const exit_costs costs = even_costs(5);
    frame_set all(trace.frames());
    std::iota(all.begin(), all.end(), std::size_t{0});
    const loss_limit limit{.most = 0.03};
    const exit_choice got = choose_exits(trace, costs, all, limit);
    CHECK(got.path[got.setting].loss <= limit.most);
    CHECK((got.setting + 1 == got.path.size() || got.path[got.setting + 1].loss > limit.most));
    double least = 1e9;
    for (unsigned set = 0; set < 16; ++set) {
      std::vector<std::size_t> kept;
      for (std::size_t e = 0; e < 4; ++e) {
        if ((set >> e & 1U) != 0) kept.push_back(e);
      }
      least = std::min(least, settings_of(kept, trace, costs, all, limit).cost());
    }
    CHECK(got.cost() >= least);
    CHECK(got.cost() <= 1.01 * least);
    equal += got.cost() <= least * (1.0 + 1e-4) ? 1 : 0;
  }
  CHECK(equal >= 3);
}

TEST_CASE("no exit where none pays") {
  const exit_trace trace = growing_trace(4, 100, 5);
  exit_costs costs = even_costs(4);
  for (std::size_t e = 0; e < 3; ++e) costs.branch[e] = 200.0;
  frame_set all(trace.frames());
  std::iota(all.begin(), all.end(), std::size_t{0});
  const exit_choice got = choose_exits(trace, costs, all, {.most = 0.05});
  CHECK(got.kept.empty());
  CHECK(got.cost() == costs.backbone());
}
