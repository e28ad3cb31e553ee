// SPDX-License-Identifier: MIT
// workspace: which map lies where, planned by liveness, so that memory is shared but never clobbered.
#pragma once

#include "lowered.hpp"

namespace flexdnn {

/// Offsets in floats. A map that may be written in place of another shares its offset.
template <std::size_t Values, std::size_t Steps>
struct workspace_plan {
  std::array<std::size_t, Values> value{};   ///< of each value; value 0, the frame, lies with the caller
  std::array<std::size_t, Steps> scratch{};  ///< of each step's scratch
  std::size_t size = 0;
};

namespace detail {

/// Steps [first, last] during which memory is in use; element-wise neighbours share one.
struct lifetime {
  int first = 1 << 30, last = -1;
  std::size_t size = 0, offset = 0;
  bool placed = false;
};

}  // namespace detail

/// Plans the maps and the scratch of every step. scratch_floats[i]: what step i's kernel asks for. `called`:
/// the network's steps as the plan calls them; one without an output is not called. Greedy by size: the
/// largest map first, each at the lowest place free during its lifetime.
template <class Network>
[[nodiscard]] consteval auto plan_workspace(
    const std::array<std::size_t, lowered<Network>::steps.size()>& scratch_floats,
    const std::array<step, lowered<Network>::steps.size()>& called = lowered<Network>::steps) {
  using low = lowered<Network>;
  constexpr std::size_t values = low::values.size(), steps = low::steps.size();
  constexpr auto at = [](int i) { return static_cast<std::size_t>(i); };

  std::array<int, values> last_use{};
  for (std::size_t s = 0; s < steps; ++s) {
    const auto step_index = static_cast<int>(s);
    for (const int v : {called[s].input, called[s].residual, called[s].output}) {
      if (v >= 0) last_use[at(v)] = step_index;
    }
  }
  // The map that an exit reads stays whole until the exit has answered, for engine::features.
  for (const exit_point& e : low::exits) {
    if (last_use[at(e.input)] < e.last - 1) last_use[at(e.input)] = e.last - 1;
  }
  // What a loop's body reads from outside is needed in every round; so is what comes out for the next.
  for (const loop& l : low::loops) {
    for (int s = l.first; s < l.last; ++s) {
      const step& inner = called[at(s)];
      for (const int v : {inner.input, inner.residual}) {
        if (v < 0 || v == l.carried_in) continue;
        int defined = -1;
        for (std::size_t i = 0; i < steps; ++i) {
          if (called[i].output == v) defined = static_cast<int>(i);
        }
        if (defined < l.first && last_use[at(v)] < l.last - 1) last_use[at(v)] = l.last - 1;
      }
    }
  }

  // Values that share memory: a loop's result stands where its input stood; element-wise steps work in
  // place where their operand is read for the last time.
  std::array<int, values> home{};
  for (std::size_t v = 0; v < values; ++v) home[v] = static_cast<int>(v);
  const auto share = [&](int a, int b) {
    const int from = home[at(b)], to = home[at(a)];
    for (int& h : home) h = h == from ? to : h;
  };
  for (const loop& l : low::loops) share(l.carried_in, l.carried_out);
  for (std::size_t s = 0; s < steps; ++s) {
    const int operand =
        called[s].overwrites([&](int v) { return v > 0 && last_use[at(v)] == static_cast<int>(s); });
    if (operand >= 0) share(operand, called[s].output);
  }

  std::array<detail::lifetime, values + steps> lives{};
  for (std::size_t s = 0; s < steps; ++s) {
    const int v = called[s].output;
    if (v < 0) continue;
    detail::lifetime& l = lives[at(home[at(v)])];
    l.first = static_cast<int>(s) < l.first ? static_cast<int>(s) : l.first;
    l.last = last_use[at(v)] > l.last ? last_use[at(v)] : l.last;
    l.size = low::values[at(v)].size() > l.size ? low::values[at(v)].size() : l.size;
    lives[values + s] = {static_cast<int>(s), static_cast<int>(s), scratch_floats[s]};
  }

  constexpr std::size_t alignment = 16;  // floats: a cache line
  workspace_plan<values, steps> plan;
  for (std::size_t round = 0; round < lives.size(); ++round) {
    detail::lifetime* largest = nullptr;
    for (detail::lifetime& l : lives) {
      if (!l.placed && l.last >= 0 && (largest == nullptr || l.size > largest->size)) largest = &l;
    }
    if (largest == nullptr) break;
    const std::size_t size = (largest->size + alignment - 1) / alignment * alignment;
    bool moved = true;
    while (moved) {
      moved = false;
      for (const detail::lifetime& other : lives) {
        const std::size_t other_size = (other.size + alignment - 1) / alignment * alignment;
        if (other.placed && other.first <= largest->last && largest->first <= other.last &&
            other.offset < largest->offset + size && largest->offset < other.offset + other_size) {
          largest->offset = other.offset + other_size;
          moved = true;
        }
      }
    }
    largest->placed = true;
    plan.size = largest->offset + size > plan.size ? largest->offset + size : plan.size;
  }
  for (std::size_t v = 0; v < values; ++v) plan.value[v] = lives[at(home[v])].offset;
  for (std::size_t s = 0; s < steps; ++s) plan.scratch[s] = lives[values + s].offset;
  return plan;
}

}  // namespace flexdnn
