// SPDX-License-Identifier: MIT
// place_exits: three planners of which candidate exits to keep: the paper's rule, its iteration, the optimum.
//
// Planners take either rates and costs, as if exits nest, or a trace, whose frames are replayed without the
// exits that are dropped. Thresholds are each exit's own, whatever the plan; one of no_exit is never kept.
// Costs: of each candidate and the final exit, none negative, trunk costs not falling. At most
// most_candidates; at least one frame.
#pragma once

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

#include "cheapest_subset.hpp"
#include "insertion_plan.hpp"
#include "nested_optimum.hpp"

namespace flexdnn {

namespace detail {

inline std::vector<std::size_t> all_candidates(const exit_costs& costs) {
  std::vector<std::size_t> all(costs.trunk.size() - 1);
  std::iota(all.begin(), all.end(), std::size_t{0});
  return all;
}

/// Of kept[at], the exits before and after it being its neighbours in kept; rates: of all candidates, by
/// number. A free branch at which frames leave: infinity.
inline double benefit_per_overhead(const cumulative_rates& rates, const exit_costs& costs,
                                   std::span<const std::size_t> kept, std::size_t at) {
  const std::size_t j = kept[at];
  const double before = at == 0 ? 0.0 : rates[kept[at - 1]];
  const double onward = at + 1 < kept.size() ? costs.trunk[kept[at + 1]] : costs.backbone();
  const double benefit = (rates[j] - before) * (onward - costs.trunk[j]);
  return benefit > 0.0 ? benefit / ((1.0 - before) * costs.branch[j]) : 0.0;
}

/// rates_with(kept): cumulative rates, by number, of a network with these exits.
template <class Rates>
std::vector<std::size_t> drop_unprofitable(const exit_costs& costs, Rates rates_with) {
  std::vector<std::size_t> kept = all_candidates(costs);
  while (!kept.empty()) {
    const cumulative_rates rates = rates_with(kept);
    std::vector<double> ratios;
    for (std::size_t at = 0; at < kept.size(); ++at)
      ratios.push_back(benefit_per_overhead(rates, costs, kept, at));
    const auto lowest = std::ranges::min_element(ratios);
    if (*lowest > 1.0) break;
    kept.erase(kept.begin() + (lowest - ratios.begin()));
  }
  return kept;
}

inline std::vector<std::size_t> profitable_at_once(const cumulative_rates& rates, const exit_costs& costs) {
  const std::vector<std::size_t> all = all_candidates(costs);
  std::vector<std::size_t> kept;
  for (const std::size_t j : all) {
    if (benefit_per_overhead(rates, costs, all, j) > 1.0) kept.push_back(j);
  }
  return kept;
}

inline insertion_plan replayed(std::vector<std::size_t> kept, const exit_trace& trace,
                               const exit_thresholds& t, const exit_costs& costs,
                               std::span<const std::size_t> chosen) {
  const double cost = apply(trace, costs, only(t, kept), chosen).cost;
  return {std::move(kept), cost};
}

}  // namespace detail

/// The paper's rule (Fang et al., SEC 2020, eqs. 3 to 5): of all candidates, i before j before k, keep j iff
///   R = (r_j - r_i) trunk_jk / ((1 - r_i) branch_j) > 1.
/// Counts what leaving at j saves up to k alone: many good candidates make each other worthless.
[[nodiscard]] inline insertion_plan one_shot_plan(const cumulative_rates& rates, const exit_costs& costs) {
  const std::vector<std::size_t> kept = detail::profitable_at_once(rates, costs);
  return {kept, nested_cost(rates, costs, kept)};
}
[[nodiscard]] inline insertion_plan one_shot_plan(const exit_trace& trace, const exit_thresholds& t,
                                                  const exit_costs& costs,
                                                  std::span<const std::size_t> chosen) {
  const cumulative_rates rates = rates_of(trace, t, chosen);
  return detail::replayed(detail::profitable_at_once(rates, costs), trace, t, costs, chosen);
}

/// The same rule, but the candidate of lowest R alone is dropped, and R computed anew, until all are above 1.
/// Near the optimum where exits all but nest; of 27 simulated exits that leave independently it kept too few,
/// at 0.87 of the backbone's cost against 0.51.
[[nodiscard]] inline insertion_plan iterative_plan(const cumulative_rates& rates, const exit_costs& costs) {
  const std::vector<std::size_t> kept = detail::drop_unprofitable(costs, [&](const auto&) { return rates; });
  return {kept, nested_cost(rates, costs, kept)};
}
[[nodiscard]] inline insertion_plan iterative_plan(const exit_trace& trace, const exit_thresholds& t,
                                                   const exit_costs& costs,
                                                   std::span<const std::size_t> chosen) {
  const auto rates_with = [&](const auto& kept) { return rates_of(trace, only(t, kept), chosen); };
  return detail::replayed(detail::drop_unprofitable(costs, rates_with), trace, t, costs, chosen);
}

/// The least cost there is: by rates in O(n^2), on a trace as cheapest_subset says, to one part in 10^12.
/// limit: the least of plans that keep it; the plain backbone where none does.
[[nodiscard]] inline insertion_plan optimal_plan(const cumulative_rates& rates, const exit_costs& costs) {
  const nested_optimum best(costs, 0, 1.0, rates);
  return {best.kept(), costs.backbone() + best.added()};
}
[[nodiscard]] inline insertion_plan optimal_plan(const exit_trace& trace, const exit_thresholds& t,
                                                 const exit_costs& costs, std::span<const std::size_t> chosen,
                                                 const loss_limit& limit = {}) {
  const cheapest_subset best(trace, t, costs, chosen, limit);
  return detail::replayed(best.kept(), trace, t, costs, chosen);
}

}  // namespace flexdnn
