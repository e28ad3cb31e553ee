// SPDX-License-Identifier: MIT
// learn_then_test: the boldest setting whose risk is small with high probability.
#pragma once

#include <cstddef>
#include <numeric>
#include <optional>

#include "../core/status.hpp"
#include "loss_table.hpp"
#include "p_value.hpp"

namespace flexdnn {

/// Learn-then-Test (Angelopoulos et al., 2021) by fixed-sequence testing: settings are tested from the safest
/// on, each at delta, until one fails; the one before it is chosen. Over calibration sets, the risk of the
/// choice exceeds alpha with probability at most delta, whether or not losses grow along the path. 0/1 losses
/// have the exact binomial p-value, fractional ones Hoeffding and Bentkus's. No loss among n certifies 1 -
/// delta^(1 / n), and nothing certifies less. Several alphas: a rule each; all promises hold together where
/// their deltas sum to delta.
struct learn_then_test {
  double alpha = 0.01, delta = 0.1;

  [[nodiscard]] status check() const {
    if (alpha > 0.0 && alpha < 1.0 && delta > 0.0 && delta < 1.0) return {};
    return status::error(code::bad_option,
                         "learn_then_test: alpha is %g and delta is %g, wanted both above 0 and below 1",
                         alpha, delta);
  }

  /// The largest mean loss of so many units that passes, to a whole loss; below 0: none does.
  [[nodiscard]] double admitted(std::size_t units, bool fractional = false) const {
    const double n = static_cast<double>(units);
    double losses = -1.0;
    while (losses < n && p_value(losses + 1.0, units, fractional) <= delta) losses += 1.0;
    return losses / n;
  }

  /// Number of the setting; none where the safest fails.
  [[nodiscard]] std::optional<std::size_t> choose(const loss_table& table) const {
    std::optional<std::size_t> passed;
    for (std::size_t s = 0; s < table.settings.size() && p_value(table, s) <= delta; ++s) passed = s;
    return passed;
  }

  /// Of the hypothesis that the risk of setting s exceeds alpha.
  [[nodiscard]] double p_value(const loss_table& table, std::size_t s) const {
    const unit_losses& losses = table.settings[s];
    return p_value(std::accumulate(losses.begin(), losses.end(), 0.0), losses.size(), table.fractional);
  }

 private:
  [[nodiscard]] double p_value(double sum, std::size_t units, bool fractional) const {
    if (!fractional) return binomial_p_value(static_cast<std::size_t>(sum), units, alpha);
    return hoeffding_bentkus_p_value(sum / static_cast<double>(units), units, alpha);
  }
};

}  // namespace flexdnn
