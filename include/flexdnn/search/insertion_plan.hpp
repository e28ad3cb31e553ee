// SPDX-License-Identifier: MIT
// insertion_plan: which of the candidate exits a network keeps, and what that costs a frame.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "../calibrate/exit_trace.hpp"

namespace flexdnn {

/// Numbers of the exits kept, in order, the final one left out; cost: of a mean frame, in the costs' unit.
struct insertion_plan {
  std::vector<std::size_t> kept;
  double cost = 0.0;
};

/// For each exit but the last the share of frames, 0 to 1, that has left there or before.
using cumulative_rates = std::vector<double>;

/// A plan whose mean loss is higher is not taken.
struct loss_limit {
  double most = 1.0;
  exit_loss loss = exit_loss::accuracy_gap;
};

/// The thresholds of a network that has the exits kept and no others.
[[nodiscard]] inline exit_thresholds only(const exit_thresholds& candidates,
                                          std::span<const std::size_t> kept) {
  exit_thresholds t(candidates.size(), no_exit);
  for (const std::size_t e : kept) t[e] = candidates[e];
  return t;
}

/// Rates of a network with these thresholds. chosen must not be empty.
[[nodiscard]] inline cumulative_rates rates_of(const exit_trace& trace, const exit_thresholds& t,
                                               std::span<const std::size_t> chosen) {
  cumulative_rates rates(t.size());
  for (const std::size_t frame : chosen) {
    for (std::size_t e = trace.exit_of(frame, t); e < rates.size(); ++e) rates[e] += 1.0;
  }
  for (double& r : rates) r /= static_cast<double>(chosen.size());
  return rates;
}

/// Cost of a mean frame where exits nest: whoever would leave at one exit would leave at each later one, so
/// that rates are the same whichever exits are kept.
///   backbone + sum over kept exits j, i the one before: (1 - r_i) branch_j - (r_j - r_i) (backbone -
///   trunk_j)
[[nodiscard]] inline double nested_cost(const cumulative_rates& rates, const exit_costs& costs,
                                        std::span<const std::size_t> kept) {
  double cost = costs.backbone(), left = 0.0;
  for (const std::size_t j : kept) {
    cost += (1.0 - left) * costs.branch[j] - (rates[j] - left) * (costs.backbone() - costs.trunk[j]);
    left = rates[j];
  }
  return cost;
}

}  // namespace flexdnn
