// SPDX-License-Identifier: MIT
// conformal_risk_control: the boldest setting whose risk is small on average over calibration sets.
#pragma once

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <optional>

#include "../core/status.hpp"
#include "loss_table.hpp"

namespace flexdnn {

/// Conformal risk control (Angelopoulos et al., 2022, theorem 1) for losses in [0, 1]: with n units of mean
/// loss R, the boldest setting with (n R + 1) / (n + 1) <= alpha. Over calibration sets, the mean risk of the
/// choice is at most alpha. The theorem wants losses that never shrink towards the bold end, and an early
/// exit may be right where a later one is wrong: so a unit is charged the largest loss that any setting up to
/// this one costs it. It also wants a setting that loses at most alpha for sure: to leave never, by
/// accuracy_gap and disagreement; by exit_loss::wrong the bound holds where alpha is so far above the
/// backbone's error that the safest setting always passes. No loss among n certifies 1 / (n + 1), and nothing
/// certifies less.
struct conformal_risk_control {
  double alpha = 0.01;

  [[nodiscard]] status check() const {
    if (alpha > 0.0 && alpha < 1.0) return {};
    return status::error(code::bad_option, "conformal_risk_control: alpha is %g, wanted above 0 and below 1",
                         alpha);
  }

  /// The largest mean loss of so many units that passes; below 0: none does.
  [[nodiscard]] double admitted(std::size_t units, bool /*fractional*/ = false) const {
    const double n = static_cast<double>(units);
    return (alpha * (n + 1.0) - 1.0) / n;
  }

  /// Number of the setting; none where the safest fails.
  [[nodiscard]] std::optional<std::size_t> choose(const loss_table& table) const {
    std::optional<std::size_t> passed;
    unit_losses largest;
    for (std::size_t s = 0; s < table.settings.size(); ++s) {
      const unit_losses& losses = table.settings[s];
      largest.resize(losses.size());
      for (std::size_t i = 0; i < losses.size(); ++i) largest[i] = std::max(largest[i], losses[i]);
      const double bound = std::accumulate(largest.begin(), largest.end(), 1.0);
      if (!(bound <= alpha * (static_cast<double>(losses.size()) + 1.0))) break;
      passed = s;
    }
    return passed;
  }
};

}  // namespace flexdnn
