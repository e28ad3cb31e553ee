// SPDX-License-Identifier: MIT
// evidence: what a policy sees at an exit, what it answers, and the concept of a policy.
#pragma once

#include <concepts>
#include <cstdint>
#include <span>

namespace flexdnn {

/// An exit's output and what the frame has cost so far. Logits are finite when a policy sees them:
/// the engine never asks about NaN or infinity, the frame simply goes on.
struct evidence {
  std::span<const float> logits;
  int label = 0;           ///< class of the largest logit
  int exit = 0;            ///< number of this exit, from 0
  int exits = 1;           ///< exits of the network, the final one included
  std::uint64_t macs = 0;  ///< multiply-accumulates spent, this exit's branch included
  int previous = -1;       ///< exit that the policy was asked about before, of this frame; -1: none
};

/// Leave here or go on, and how sure the exit is (0 to 1; the answer reports it).
struct verdict {
  static constexpr int own = -1;

  bool leave = false;
  float confidence = 0.0F;
  int label = own;  ///< what to answer: own is the exit's; a policy over time may know of frames before
};

/// A policy is a small struct with one function, called once at each exit of a frame, in order. State kept
/// across a frame's exits is reset when previous is -1: the first exits may have been passed over. The final
/// exit answers whatever the verdict. Optional: `static constexpr bool reads_exits = false` for a policy that
/// never leaves early; the engine then skips the branches.
template <class Policy>
concept exit_policy = requires(Policy& policy, const evidence& e) {
  { policy(e) }
  noexcept->std::same_as<verdict>;
};

template <class Policy>
inline constexpr bool reads_exits = [] {
  if constexpr (requires { Policy::reads_exits; }) {
    return Policy::reads_exits;
  } else {
    return true;
  }
}();

}  // namespace flexdnn
