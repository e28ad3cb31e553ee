// SPDX-License-Identifier: MIT
// times_in_turn: how long an engine takes that stops at exits, and one that does not.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <stdexcept>
#include <string>

namespace examples {

struct turn_times {
  double adaptive = 0.0, plain = 0.0;  ///< seconds
};

/// Frame by frame in turn, each going first as often; a frame's time is the shortest of three runs. frame(i):
/// what run takes; exit_of(i): where frame i must leave. Throws where it does not.
template <class Adaptive, class Plain, class Frame, class ExitOf>
[[nodiscard]] turn_times times_in_turn(Adaptive& adaptive, Plain& plain, std::size_t frames, Frame frame,
                                       ExitOf exit_of) {
  const auto timed = [](auto& net, auto f, double& shortest) {
    const auto start = std::chrono::steady_clock::now();
    const auto a = net.run(f);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    shortest = std::min(shortest, took.count());
    return static_cast<std::size_t>(a.exit);
  };
  turn_times sum;
  for (std::size_t i = 0; i < frames; ++i) {
    const auto f = frame(i);
    double shortest = 1e9, shortest_plain = 1e9;
    for (std::size_t round = 0; round < 3; ++round) {
      const bool plain_first = (i + round) % 2 == 0;
      if (plain_first) timed(plain, f, shortest_plain);
      const std::size_t exit = timed(adaptive, f, shortest);
      if (!plain_first) timed(plain, f, shortest_plain);
      if (exit == exit_of(i)) continue;
      throw std::runtime_error("image " + std::to_string(i) + " left at exit " + std::to_string(exit) +
                               ", in the trace at " + std::to_string(exit_of(i)));
    }
    sum.adaptive += shortest, sum.plain += shortest_plain;
  }
  return sum;
}

}  // namespace examples
