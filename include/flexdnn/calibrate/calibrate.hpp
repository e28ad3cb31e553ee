// SPDX-License-Identifier: MIT
// calibrate: picks a setting on a path of thresholds so that the whole network's risk is bounded.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <utility>

#include "../core/status.hpp"
#include "conformal_risk_control.hpp"
#include "exit_trace.hpp"
#include "learn_then_test.hpp"
#include "loss_table.hpp"
#include "pareto_point.hpp"
#include "threshold.hpp"

namespace flexdnn {

/// Thresholds, and what they were chosen by.
struct calibrated {
  exit_thresholds thresholds;
  std::optional<std::size_t> setting;  ///< on the path; none: no setting passed, and no frame leaves early
  std::size_t units = 0;               ///< frames or clips that it was calibrated on
  double observed = 0.0;               ///< mean loss of these; a little optimistic, as they chose it
};

/// Walks the path from its safest setting to the boldest that the rule lets pass. What the rule promises
/// holds for the next unit that is exchangeable with those chosen, for all exits together, if the path was
/// fixed without looking at them: search, calibrate and report on three disjoint sets. Where even the safest
/// setting fails, no frame leaves early: then accuracy_gap and disagreement are 0 and the promise holds; of
/// exit_loss::wrong nothing can be promised, and that is an error. So are no units, unlabelled frames where
/// the loss needs labels, an empty path, settings with another number of thresholds than exits, and levels
/// outside (0, 1).
template <class Rule>
status calibrate(const exit_trace& trace, std::span<const pareto_point> path,
                 std::span<const std::size_t> chosen, const Rule& rule, exit_risk risk, calibrated& result) {
  if (const status s = rule.check(); !s) return s;
  if (path.empty() || chosen.empty()) {
    return status::error(code::bad_option,
                         "calibrate: got %zu settings and %zu frames, wanted one or more of each",
                         path.size(), chosen.size());
  }
  for (std::size_t s = 0; s < path.size(); ++s) {
    if (path[s].thresholds.size() + 1 == trace.exits()) continue;
    return status::error(
        code::wrong_size,
        "calibrate: setting %zu has %zu thresholds, wanted %zu, one for each exit but the last", s,
        path[s].thresholds.size(), trace.exits() - 1);
  }
  for (const std::size_t i : chosen) {
    if (i >= trace.frames()) {
      return status::error(code::bad_option, "calibrate: frame %zu is not in the trace, which has %zu", i,
                           trace.frames());
    }
    if (risk.loss == exit_loss::disagreement || trace.truth(i) != exit_trace::unlabelled) continue;
    return status::error(
        code::bad_option,
        "calibrate: frame %zu has no label; without labels, calibrate exit_loss::disagreement", i);
  }
  const loss_table table = tabulate(trace, path, chosen, risk);
  calibrated c{.thresholds = path.front().thresholds,
               .setting = rule.choose(table),
               .units = table.settings.front().size()};
  if (c.setting) {
    c.thresholds = path[*c.setting].thresholds;
    c.observed = mean_loss(table.settings[*c.setting]);
  } else {
    if (risk.loss == exit_loss::wrong) {
      return status::error(code::bad_option,
                           "calibrate: even the safest setting, which is wrong on %.4f of %zu units, is not "
                           "certified to be wrong on %g; wanted a larger alpha or more units",
                           mean_loss(table.settings.front()), c.units, rule.alpha);
    }
    for (float& t : c.thresholds) t = t == no_exit ? no_exit : never_leave;
  }
  result = std::move(c);
  return {};
}

}  // namespace flexdnn
