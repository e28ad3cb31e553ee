// SPDX-License-Identifier: MIT
// field_monitor: audits, raises the alarm, and calibrates anew from what the whole network says.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "../policy/thresholds.hpp"
#include "audit_log.hpp"
#include "drift_alarm.hpp"
#include "shadow_audit.hpp"

namespace flexdnn {

/// The policies that a field_monitor's level chooses from, for by_level: one that never leaves, then one of
/// each level's thresholds. Policy: by_threshold or what derives from it.
template <class Policy, int Exits, std::size_t Levels>
[[nodiscard]] constexpr std::array<Policy, Levels + 1> monitored_policies(
    const std::array<risk_level<Exits>, Levels>& levels) {
  std::array<float, static_cast<std::size_t>(Exits - 1)> never;
  never.fill(1.0F);  // no confidence exceeds it
  return [&]<std::size_t... L>(std::index_sequence<L...>) {
    return std::array<Policy, Levels + 1>{Policy(thresholds(never)),
                                          Policy(thresholds(levels[L].thresholds))...};
  }
  (std::make_index_sequence<Levels>());
}

struct monitor_settings {
  double share = 0.01;          ///< of frames that are audited
  double promised = 0.01;       ///< disagreement with the whole network, as a share of frames
  double run_length = 10000.0;  ///< audited frames to a false alarm, in the mean, at least
  double delta = 0.1;           ///< probability that a new calibration misses `promised`
  std::uint64_t seed = 1;
};

/// Watches a network in the field. While disagreement is as promised, a share of the frames is audited. After
/// an alarm no frame leaves early: each is computed to its end and tells what every exit would have said,
/// until Frames of them have calibrated which level keeps the promise on frames like these, with probability
/// 1 - delta. Where none does it goes on so, and tries again with the next Frames. A level below the one of
/// the start is tried to raise each time that Frames audits are together: drift can pass.
///
/// Levels as Network::risk_levels, the safest first; they are borrowed. level() is what a by_level over their
/// monitored_policies reads: 0 is to leave never, l + 1 is levels[l]. The promise is of frames, not of clips:
/// audits of one scene resemble each other, so choose a share that leaves few to a scene.
template <int Exits, std::size_t Frames = 500, class Score = entropy_confidence_score>
class field_monitor {
 public:
  enum class phase : std::uint8_t { watching, learning };

  /// level: number of the one in use, in `levels`.
  field_monitor(const monitor_settings& settings, std::span<const risk_level<Exits>> levels,
                std::size_t level)
      : settings_(settings),
        levels_(levels),
        audit_(settings.share, settings.seed),
        alarm_(settings.promised, settings.run_length),
        first_(level + 1),
        level_(level + 1) {}

  /// Runs a frame by the level that holds; use(answer) is called as soon as there is an answer.
  template <class Engine, class Use>
  void run(Engine& net, typename Engine::frame frame, Use&& use) noexcept {
    if (const audited_frame<Exits>* const audited = audit_.run(net, frame, use); audited != nullptr) {
      note(*audited);
    }
  }

  [[nodiscard]] const std::size_t& level() const noexcept { return level_; }
  [[nodiscard]] phase now() const noexcept { return phase_; }
  [[nodiscard]] std::uint64_t audits() const noexcept { return audits_; }
  [[nodiscard]] std::uint64_t alarms() const noexcept { return alarms_; }
  [[nodiscard]] const drift_alarm& alarm() const noexcept { return alarm_; }

  /// As after an alarm: calibrates from the next frames. Without labels, and wherever the device stands.
  void learn() noexcept {
    phase_ = phase::learning;
    level_ = 0;
    audit_.audit(1.0);
    log_.clear();
  }

 private:
  void note(const audited_frame<Exits>& frame) noexcept {
    ++audits_;
    log_.add(frame);
    if (phase_ == phase::watching && alarm_.observe(frame.disagrees())) {
      ++alarms_;
      return learn();
    }
    if (!log_.full()) return;
    const auto passed = log_.certified(levels_, settings_.promised, settings_.delta);
    const std::size_t safe = passed ? *passed + 1 : 0, found = safe < first_ ? safe : first_;
    log_.clear();
    if (phase_ == phase::watching) {
      if (found > level_) level_ = found, alarm_.reset();
    } else if (found > 0) {
      level_ = found;
      phase_ = phase::watching;
      audit_.audit(settings_.share);
      alarm_.reset();
    }
  }

  monitor_settings settings_;
  std::span<const risk_level<Exits>> levels_;
  shadow_audit<Exits, Score> audit_;
  drift_alarm alarm_;
  audit_log<Exits, Frames> log_;
  std::size_t first_, level_;
  std::uint64_t audits_ = 0, alarms_ = 0;
  phase phase_ = phase::watching;
};

}  // namespace flexdnn
