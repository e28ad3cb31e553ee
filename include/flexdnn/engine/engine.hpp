// SPDX-License-Identifier: MIT
// engine: runs frames through a network until an exit is sure enough, and on from there if asked.
#pragma once

#include <cmath>
#include <span>
#include <utility>

#include "../policy/always.hpp"
#include "answer.hpp"
#include "packed.hpp"

namespace flexdnn {

/// Sees nothing, costs nothing.
struct no_observer {};

namespace detail {

/// Computes a step on the caller's thread.
struct alone {
  void operator()(const instruction& one, const operands& o) const noexcept { one.run(o); }
};

/// Divides it among the executor's threads where the plan says so.
template <class Executor>
struct together {
  const instruction* entries;
  const share_call* shares;
  Executor* threads;

  void operator()(const instruction& one, const operands& o) const noexcept {
    const share_call call = shares[&one - entries];
    if (call == nullptr) return one.run(o);
    threads->fork([&](int share) noexcept { call(o, share); });
  }
};

/// Runs entries [first, last), each by `compute`; `packed` has moved on with the rounds around them.
template <class Compute>
void walk(const instruction* entries, int first, int last, const float* frame, const float* packed,
          float* workspace, Compute compute) noexcept {
  const auto place = [&](std::size_t offset) -> const float* {
    if (offset == instruction::frame) return frame;
    return offset == instruction::nothing ? nullptr : workspace + offset;
  };
  for (int i = first; i < last; ++i) {
    const instruction& one = entries[i];
    if (one.run != nullptr) {
      compute(one, {place(one.in), place(one.residual), packed + one.packed, workspace + one.out,
                    workspace + one.scratch});
      continue;
    }
    for (int r = 0; r < one.rounds; ++r) {
      walk(entries, i + 1, i + 1 + one.length, frame, packed + static_cast<std::size_t>(r) * one.stride,
           workspace, compute);
    }
    i += one.length;
  }
}

}  // namespace detail

/// sizeof(engine) is the whole working memory: declare it static or place it yourself, never on a small
/// stack. Weights are borrowed. run and resume are noexcept and allocate nothing; one thread at a time calls
/// them, and the target's executor may have others help. Making an engine makes its executor, which may
/// throw.
template <class Network, exit_policy Policy = always_last, class Target = native_target>
class engine {
  using low = lowered<Network>;
  using plan = program<Network, Target>;
  static_assert(panel_width<Target::panel.panel(), tile_of<typename Target::architecture>.panel()>());

 public:
  static constexpr int classes = low::classes;
  static constexpr int exits = low::exit_count;
  using frame = std::span<const float, Network::frame.size()>;  ///< height x width x channels, normalised
  using answer_type = answer<classes>;

  /// Weights must outlive the engine; the rest makes the policy: engine{weights, thresholds{0.9F, 0.8F}}.
  template <class... PolicyArguments>
  requires std::constructible_from<Policy, PolicyArguments...>
  explicit engine(const packed<Network, typename Target::layout>& weights, PolicyArguments&&... arguments)
      : weights_(&weights), policy_(std::forward<PolicyArguments>(arguments)...) {}

  /// Runs a frame until the policy leaves. The frame must stay until the last resume for it. An observer
  /// is called as observer(evidence, verdict) at every exit that is computed.
  template <class Observer = no_observer>
  answer_type run(frame f, Observer&& observe = {}) noexcept {
    frame_ = f.data();
    next_exit_ = 0;
    asked_ = -1;
    current_ = {};
    return advance(false, observe);
  }

  /// Whether the last answer came from an exit before the final one.
  [[nodiscard]] bool can_resume() const noexcept { return frame_ != nullptr && next_exit_ < exits; }

  /// Goes on from the kept feature map to the next exit at which the policy leaves: the answer is
  /// bit-identical to that of a run which never stopped. After the final exit: the same answer again.
  template <class Observer = no_observer>
  answer_type resume(Observer&& observe = {}) noexcept {
    return can_resume() ? advance(false, observe) : current_;
  }

  /// Goes on straight to the final exit; branches on the way are not computed.
  template <class Observer = no_observer>
  answer_type finish(Observer&& observe = {}) noexcept {
    return can_resume() ? advance(true, observe) : current_;
  }

  /// The trunk's feature map that an exit reads, channels last. Valid while an observer is called at that
  /// exit, and after an answer from it. The final exit of a plain network reads its own class scores.
  [[nodiscard]] std::span<const float> features(int exit) const noexcept {
    const auto i = static_cast<std::size_t>(exit);
    const shape extent = low::values[static_cast<std::size_t>(low::exits[i].input)];
    if (low::exits[i].input == 0) return {frame_, extent.size()};
    return {workspace_.data() + plan::segments[i].features, extent.size()};
  }

  /// The class scores behind the last answer. Valid until the engine runs again.
  [[nodiscard]] std::span<const float, static_cast<std::size_t>(classes)> logits() const noexcept {
    return scores(next_exit_ > 0 ? next_exit_ - 1 : 0);
  }

 private:
  [[nodiscard]] std::span<const float, static_cast<std::size_t>(classes)> scores(int exit) const noexcept {
    return std::span<const float, static_cast<std::size_t>(classes)>(
        workspace_.data() + plan::segments[static_cast<std::size_t>(exit)].scores,
        static_cast<std::size_t>(classes));
  }

  [[nodiscard]] auto compute() noexcept {
    if constexpr (Target::threads == 1) {
      return detail::alone{};
    } else {
      return detail::together<typename Target::executor_type>{plan::entries.data(), plan::shares.data(),
                                                              &executor_};
    }
  }

  template <class Observer>
  answer_type advance(bool to_the_end, Observer& observe) noexcept {
    constexpr bool observed = !std::is_same_v<std::remove_cvref_t<Observer>, no_observer>;
    while (true) {
      const int exit = next_exit_++;
      // With one exit the index is 0: GCC 12 cannot see that, and warns of array bounds in a user's code.
      const segment& s = plan::segments[exits == 1 ? 0 : static_cast<std::size_t>(exit)];
      const bool last = exit == exits - 1;
      const bool skip = !last && (to_the_end || !(observed || reads_exits<Policy>));
      detail::walk(plan::entries.data(), s.first, skip ? s.branch : s.last, frame_, weights_->values.data(),
                   workspace_.data(), compute());
      current_.macs += s.trunk_macs + (skip ? 0 : s.branch_macs);
      if (skip) continue;

      const auto logits = scores(exit);
      int label = 0;
      bool finite = true;
      for (int c = 0; c < classes; ++c) {
        const float l = logits[static_cast<std::size_t>(c)];
        finite = finite && std::isfinite(l);
        if (l > logits[static_cast<std::size_t>(label)]) label = c;
      }
      current_.label = label;
      current_.exit = exit;
      current_.finite = current_.finite && finite;
      const evidence e{logits, label, exit, exits, current_.macs, asked_};
      asked_ = finite ? exit : asked_;
      const verdict v = finite ? policy_(e) : verdict{};
      if constexpr (observed) observe(e, v);
      if (!last && !v.leave) continue;
      current_.confidence = v.confidence;
      if (v.label >= 0 && v.label < classes) current_.label = v.label;
      if (finite) {
        softmax(logits, current_.probabilities);
      } else {
        current_.probabilities = {};
      }
      return current_;
    }
  }

  const packed<Network, typename Target::layout>* weights_;
  const float* frame_ = nullptr;
  [[no_unique_address]] Policy policy_;
  [[no_unique_address]] typename Target::executor_type executor_;
  int next_exit_ = 0;
  int asked_ = -1;  ///< last exit of the frame that the policy was asked about
  answer_type current_{};
  alignas(64) std::array<float, plan::workspace_floats> workspace_{};
};

}  // namespace flexdnn
