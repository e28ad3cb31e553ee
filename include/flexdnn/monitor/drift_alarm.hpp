// SPDX-License-Identifier: MIT
// drift_alarm: whether audited frames disagree more often than was promised.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

namespace flexdnn {

/// What is said of false alarms, raised while every audited frame disagrees with probability `promised` at
/// most, given those before it.
enum class alarm_rate : unsigned char {
  run_length,  ///< `level` audited frames pass before one, in the mean, at least: for streams without an end
  ever,        ///< the probability that one is ever raised is 1 / `level` at most: for a trial
};

/// Bets on disagreement, at odds that are fair where the promise just holds: each bet multiplies its stake by
/// a likelihood ratio, and the alarm is raised where the mean wealth reaches `level`. With `ever` nothing is
/// added to the stakes (an e-process: Ville's inequality); with `run_length` each is given one more unit
/// before every frame, so that a change after any time is found soon (the Shiryaev-Roberts e-detector of
/// Shin, Ramdas and Rinaldo, "E-detectors", 2022). Six alternatives are bet on: odds of disagreeing 1.5 to 17
/// times those promised. No counts, no window, no labels; a few dozen operations a frame.
class drift_alarm {
 public:
  /// promised: from 0 to 1, both excluded.
  constexpr drift_alarm(double promised, double level, alarm_rate rate = alarm_rate::run_length)
      : level_(level), added_(rate == alarm_rate::run_length ? 1.0 : 0.0) {
    for (std::size_t k = 0; k < odds.size(); ++k) {
      agrees_[k] = 1.0 / (1.0 - promised + odds[k] * promised);
      disagrees_[k] = odds[k] * agrees_[k];
    }
    reset();
  }

  /// One audited frame; whether the alarm is raised. Raised it stays, until it is reset.
  constexpr bool observe(bool disagrees) noexcept {
    if (raised_) return true;
    for (std::size_t k = 0; k < wealth_.size(); ++k) {
      wealth_[k] = (wealth_[k] + added_) * (disagrees ? disagrees_[k] : agrees_[k]);
    }
    return raised_ = evidence() >= level_;
  }

  [[nodiscard]] constexpr bool raised() const noexcept { return raised_; }
  /// The mean wealth, which is held against `level`.
  [[nodiscard]] constexpr double evidence() const noexcept {
    double sum = 0.0;
    for (const double w : wealth_) sum += w;
    return sum / static_cast<double>(wealth_.size());
  }
  constexpr void reset() noexcept {
    wealth_.fill(1.0 - added_);
    raised_ = false;
  }

 private:
  static constexpr std::array odds{1.5, 2.0, 3.0, 5.0, 9.0, 17.0};

  std::array<double, odds.size()> wealth_{}, agrees_{}, disagrees_{};
  double level_, added_;
  bool raised_ = false;
};

}  // namespace flexdnn
