// SPDX-License-Identifier: MIT
// screen_thresholds: every vector of thresholds over a grid, as BranchyNet chooses its own.
#pragma once

#include <cmath>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "pareto_point.hpp"
#include "threshold.hpp"

namespace flexdnn {

/// Replays `chosen` for every vector whose thresholds come from the grid or are never_leave: thresholds, cost
/// and loss, the accuracy that the final exit has more (below 0 where leaving early gains some).
/// Teerapittayanon et al., BranchyNet (ICPR 2016), section V-B. (g + 1)^(exits - 1) vectors of a grid of g;
/// the first never leaves. For their entropies, which must be below T, a trace holds -H and the grid -T:
/// negation is exact.
[[nodiscard]] inline std::vector<pareto_point> screen_thresholds(const exit_trace& trace,
                                                                 const exit_costs& costs,
                                                                 std::span<const float> grid,
                                                                 std::span<const std::size_t> chosen) {
  std::vector<exit_thresholds> vectors{{}};
  for (std::size_t e = 0; e + 1 < trace.exits(); ++e) {
    std::vector<exit_thresholds> longer;
    for (const exit_thresholds& v : vectors) {
      longer.push_back(v), longer.back().push_back(never_leave);
      for (const float t : grid) longer.push_back(v), longer.back().push_back(t);
    }
    vectors = std::move(longer);
  }
  std::vector<pareto_point> screened;
  const double final_accuracy = apply(trace, costs, vectors.front(), chosen).accuracy;
  for (exit_thresholds& v : vectors) {
    const exit_outcome o = apply(trace, costs, v, chosen);
    // A whole number of frames: 1 - 0.7 would be above a limit of 0.3.
    const double n = static_cast<double>(chosen.size());
    screened.push_back({std::move(v), o.cost, std::round((final_accuracy - o.accuracy) * n) / n});
  }
  return screened;
}

/// The cheapest whose loss is at most `most`, the more accurate of two that cost the same; nullptr where none
/// is.
[[nodiscard]] inline const pareto_point* cheapest_within(double most,
                                                         std::span<const pareto_point> screened) {
  const pareto_point* best = nullptr;
  for (const pareto_point& p : screened) {
    if (!(p.loss <= most)) continue;
    if (best == nullptr || std::pair(p.cost, p.loss) < std::pair(best->cost, best->loss)) best = &p;
  }
  return best;
}

}  // namespace flexdnn
