// SPDX-License-Identifier: MIT
// level_choice: how carefully to look at the next frame, so that those behind it are still in time.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "service_estimate.hpp"

namespace flexdnn {

/// Levels of one network, threshold vectors say: level 0 is the most accurate, each further one cheaper; the
/// last is the floor, nothing riskier is ever taken. Is the estimate of a waiting_line, which asks it as it
/// begins a frame: admitted is what the last level would answer in time, and what would have been dropped
/// leaves earlier in place of that. Every level has an estimate of its own, since thresholds shift which
/// exits frames leave at. Most: levels there is room for.
template <service_estimate Estimate, std::size_t Most = 8>
class level_choice {
  static_assert(Most > 0, "flexdnn: a choice of no level");

 public:
  /// estimates: one for each level, at most Most are read. calm: frames in a row that a more accurate level
  /// must have had time for before the next one up is taken again (hysteresis); down it goes at once.
  explicit level_choice(std::span<const Estimate> estimates, int calm = 8)
      : last_(std::clamp<std::size_t>(estimates.size(), 1, Most) - 1), calm_(calm) {
    std::copy_n(estimates.begin(), std::min(estimates.size(), Most), estimates_.begin());
  }

  /// The level of a frame that is begun with so much slack (waiting_line::slack): the most accurate one,
  /// from the one held on, that is expected to take no longer, and the last where none is.
  void choose(std::int64_t slack) noexcept {
    std::size_t fits = held_;
    for (; fits < last_ && estimates_[fits].expected() > slack; ++fits) refuse(fits);
    calm_for_ = fits < level_ ? calm_for_ + 1 : 0;
    if (fits > level_) level_ = fits;
    if (calm_for_ >= calm_ && level_ > 0) --level_, calm_for_ = 0;
    ++taken_[level_];
  }

  /// From the next choice on no level before this one: all that a budget affords (rate_budget).
  void hold(std::size_t first) noexcept { held_ = std::min(first, last_); }

  [[nodiscard]] std::size_t level() const noexcept { return level_; }
  /// How often each level was chosen.
  [[nodiscard]] const std::array<std::uint64_t, Most>& taken() const noexcept { return taken_; }

  void observe(std::int64_t ns) noexcept { estimates_[level_].observe(ns); }  ///< of the level chosen last
  void refused() noexcept { refuse(last_); }
  [[nodiscard]] std::int64_t expected() const noexcept { return estimates_[last_].expected(); }
  /// Of the level chosen last.
  [[nodiscard]] std::int64_t expected_of_served() const noexcept { return estimates_[level_].expected(); }

 private:
  void refuse(std::size_t level) noexcept {
    if constexpr (requires { estimates_[level].refused(); }) estimates_[level].refused();
  }

  std::array<Estimate, Most> estimates_;
  std::array<std::uint64_t, Most> taken_{};
  std::size_t last_, level_ = 0, held_ = 0;
  int calm_, calm_for_ = 0;
};

}  // namespace flexdnn
