// SPDX-License-Identifier: MIT
// choose_exits: which exits to keep and at which thresholds, together, for a loss that the network may have.
#pragma once

#include <algorithm>
#include <span>
#include <vector>

#include "../calibrate/threshold_path.hpp"
#include "place_exits.hpp"

namespace flexdnn {

/// Exits kept (numbers of a trace's exits, in order), and the settings of their thresholds that a rule may
/// calibrate along; `setting` is the cheapest whose expected loss keeps the limit.
struct exit_choice {
  std::vector<std::size_t> kept;
  std::vector<pareto_point> path;
  std::size_t setting = 0;

  [[nodiscard]] double cost() const { return path[setting].cost; }
};

/// The cheapest setting of these exits alone.
[[nodiscard]] inline exit_choice settings_of(std::vector<std::size_t> kept, const exit_trace& trace,
                                             const exit_costs& costs, std::span<const std::size_t> chosen,
                                             const loss_limit& limit) {
  exit_choice c{std::move(kept), {}, 0};
  c.path = threshold_path(trace, costs, only(exit_thresholds(trace.exits() - 1, never_leave), c.kept), chosen,
                          limit.loss);
  while (c.setting + 1 < c.path.size() && c.path[c.setting + 1].loss <= limit.most) ++c.setting;
  return c;
}

/// The threshold of each exit as if it were the only one: its quantile at the limit.
[[nodiscard]] inline exit_thresholds thresholds_alone(const exit_trace& trace,
                                                      std::span<const std::size_t> chosen,
                                                      const loss_limit& limit) {
  exit_thresholds alone;
  for (std::size_t e = 0; e + 1 < trace.exits(); ++e) {
    std::vector<float> confidence;
    std::vector<std::uint8_t> loses;
    for (const std::size_t i : chosen) {
      confidence.push_back(trace.confidence(e, i));
      loses.push_back(trace.loses(limit.loss, e, i) ? 1 : 0);
    }
    alone.push_back(quantile_threshold(confidence, loses, limit.most));
  }
  return alone;
}

/// Begins with the optimal plan at the threshold that each exit would have alone (its quantile at the limit),
/// and puts in, takes out or moves one exit at a time while that makes the network cheaper at the limit:
/// thresholds that are found together let fewer exits do more. A local optimum. chosen: the search set, one
/// frame or more.
[[nodiscard]] inline exit_choice choose_exits(const exit_trace& trace, const exit_costs& costs,
                                              std::span<const std::size_t> chosen, const loss_limit& limit) {
  const std::size_t candidates = trace.exits() - 1;
  const exit_thresholds alone = thresholds_alone(trace, chosen, limit);
  exit_choice best = settings_of(optimal_plan(trace, alone, costs, chosen).kept, trace, costs, chosen, limit);
  for (bool better = true; better;) {
    better = false;
    const std::vector<std::size_t> from = best.kept;
    const auto attempt = [&](std::vector<std::size_t> kept) {
      std::ranges::sort(kept);
      exit_choice c = settings_of(std::move(kept), trace, costs, chosen, limit);
      // By less than one part in 10^4 is noise of the search set, and ends in more exits.
      if (c.cost() < best.cost() * (1.0 - 1e-4)) best = std::move(c), better = true;
    };
    for (std::size_t e = 0; e < candidates; ++e) {
      const auto at = std::ranges::find(from, e);
      std::vector<std::size_t> changed = from;
      if (at != from.end()) {
        changed.erase(changed.begin() + (at - from.begin()));
        attempt(changed);
        continue;
      }
      changed.push_back(e);
      attempt(changed);
      for (const std::size_t gone : from) {  // the neighbours it may stand for
        if (gone + 2 < e || e + 2 < gone) continue;
        std::vector<std::size_t> moved = changed;
        std::erase(moved, gone);
        attempt(moved);
      }
    }
  }
  return best;
}

}  // namespace flexdnn
