// SPDX-License-Identifier: MIT
// loss_table: what each setting of a path of thresholds would have cost each frame, or each clip.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

#include "exit_trace.hpp"
#include "pareto_point.hpp"

namespace flexdnn {

/// What is exchangeable with the next of its kind. Frames of one clip resemble each other: of video, it is
/// the clip.
enum class exit_unit : std::uint8_t {
  frame,
  clip,  ///< its loss is the mean over its frames
};

/// The quantity that a rule bounds: the expected loss of the answer that the whole network gives to the next
/// unit.
struct exit_risk {
  exit_loss loss = exit_loss::accuracy_gap;
  exit_unit unit = exit_unit::frame;
};

/// One setting's losses, each in [0, 1]: of the frames chosen in their order, or of their clips by number.
using unit_losses = std::vector<double>;

/// Losses of settings from the safest to the boldest; all have the same units.
struct loss_table {
  bool fractional = false;  ///< losses may lie between 0 and 1
  std::vector<unit_losses> settings;
};

/// loss(i): whether frame i loses; clip(i): its clip.
template <class Loss, class Clip>
[[nodiscard]] unit_losses losses_by(exit_unit unit, std::span<const std::size_t> chosen, Loss loss,
                                    Clip clip) {
  struct sum {
    double losses = 0.0, frames = 0.0;
  };
  unit_losses each;
  std::map<int, sum> clips;
  for (const std::size_t i : chosen) {
    const double one = loss(i) ? 1.0 : 0.0;
    if (unit == exit_unit::frame) {
      each.push_back(one);
    } else {
      sum& its = clips[clip(i)];
      its.losses += one;
      its.frames += 1.0;
    }
  }
  for (const auto& [number, its] : clips) each.push_back(its.losses / its.frames);
  return each;
}

[[nodiscard]] inline unit_losses losses_of(const exit_trace& trace, const exit_thresholds& t,
                                           std::span<const std::size_t> chosen, exit_risk risk) {
  return losses_by(
      risk.unit, chosen, [&](std::size_t i) { return trace.loses(risk.loss, trace.exit_of(i, t), i); },
      [&](std::size_t i) { return trace.clip(i); });
}

[[nodiscard]] inline double mean_loss(const unit_losses& losses) {
  return std::accumulate(losses.begin(), losses.end(), 0.0) / static_cast<double>(losses.size());
}

[[nodiscard]] inline loss_table tabulate(const exit_trace& trace, std::span<const pareto_point> path,
                                         std::span<const std::size_t> chosen, exit_risk risk) {
  loss_table table{.fractional = risk.unit == exit_unit::clip, .settings = {}};
  for (const pareto_point& p : path) {
    table.settings.push_back(losses_of(trace, p.thresholds, chosen, risk));
  }
  return table;
}

}  // namespace flexdnn
