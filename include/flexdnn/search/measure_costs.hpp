// SPDX-License-Identifier: MIT
// measure_costs: what a network's exits cost: counted in MACs, or timed on this machine.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "../engine/engine.hpp"
#include "../policy/entropy_confidence.hpp"
#include "cost_table.hpp"

namespace flexdnn {

/// Multiply-accumulates.
template <class Network>
exit_costs mac_costs() {
  exit_costs costs;
  for (const exit_point& e : lowered<Network>::exits) {
    costs.trunk.push_back(static_cast<double>(e.trunk_macs));
    costs.branch.push_back(static_cast<double>(e.branch_macs));
  }
  return costs;
}

namespace detail {

/// What the engine runs for a frame that never leaves early, with a clock read where branches begin and end.
template <class Network, class Target>
class timed_path {
  using low = lowered<Network>;
  using plan = program<Network, Target>;

 public:
  static constexpr std::size_t exits = static_cast<std::size_t>(low::exit_count);
  using seconds = std::array<double, 2 * exits>;  ///< trunk since the exit before, then branch and decision

  template <class Clock>
  seconds run(const float* weights, const float* frame) {
    seconds parts{};
    auto since = Clock::now();
    const auto lap = [&] {
      const auto now = Clock::now();
      return std::chrono::duration<double>(now - std::exchange(since, now)).count();
    };
    for (std::size_t e = 0; e < exits; ++e) {
      const segment& s = plan::segments[e];
      compute(s.first, s.branch, weights, frame);
      parts[2 * e] = lap();
      compute(s.branch, s.last, weights, frame);
      const std::span<const float> logits(workspace_.data() + s.scores,
                                          static_cast<std::size_t>(low::classes));
      confidences_ += entropy_confidence_score::confidence(logits);
      parts[2 * e + 1] = lap();
    }
    return parts;
  }

  /// Summed over exits and runs: what is read cannot be left out by a compiler.
  [[nodiscard]] float confidences() const { return confidences_; }

 private:
  void compute(int first, int last, const float* weights, const float* frame) {
    const auto through = [&](auto how) {
      walk(plan::entries.data(), first, last, frame, weights, workspace_.data(), how);
    };
    if constexpr (Target::threads == 1) {
      through(alone{});
    } else {
      using executor = typename Target::executor_type;
      through(together<executor>{plan::entries.data(), plan::shares.data(), &executor_});
    }
  }

  float confidences_ = 0.0F;
  [[no_unique_address]] typename Target::executor_type executor_;
  alignas(64) std::array<float, plan::workspace_floats> workspace_{};
};

inline double median_of(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace detail

/// Seconds, on this machine as it is now: of each part the median of `rounds` (at least 1) runs of the whole
/// path with all branches. A decision is the paper's, entropy_confidence. Clock: one of <chrono>. On one core
/// of a shared EPYC (Zen 5, AVX2) the parts of ResNet-20 and 56 with four exits summed to 0.98 to 1.01 of the
/// engine's time for that path and repeated within 2.5 %; the mean time of 1,000 images at six risks was
/// foretold within 7 %. Branches took 2.5 times the share of the backbone's time that they have of its MACs.
/// The trunk that is measured is not quite that of the plan: exits divide loops and fused groups, and a
/// branch takes caches from the trunk behind it. On ResNet-56 the one made up to 2 %, the other 2 to 4 %.
template <class Network, class Target = native_target, class Clock = std::chrono::steady_clock>
cost_table measure_costs(const packed<Network, typename Target::layout>& weights,
                         std::span<const float, Network::frame.size()> frame, std::string machine,
                         int rounds = 200) {
  using timed = detail::timed_path<Network, Target>;
  const auto path = std::make_unique<timed>();
  std::array<std::vector<double>, 2 * timed::exits> samples;
  for (int round = 0; round < rounds; ++round) {
    const auto parts = path->template run<Clock>(weights.values.data(), frame.data());
    for (std::size_t i = 0; i < parts.size(); ++i) samples[i].push_back(parts[i]);
  }
  cost_table t{std::move(machine), "s", {}, {}};
  double trunk = 0.0;
  for (std::size_t e = 0; e < timed::exits; ++e) {
    trunk += detail::median_of(samples[2 * e]);
    t.names.emplace_back(lowered<Network>::exits[e].name);
    t.costs.trunk.push_back(trunk);
    t.costs.branch.push_back(detail::median_of(samples[2 * e + 1]));
  }
  return t;
}

}  // namespace flexdnn
