// SPDX-License-Identifier: MIT
// time_share: how long an engine takes that stops at exits, against one that does not.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <stdexcept>
#include <string>

namespace examples {

/// Time of `adaptive` over that of `plain`, frame by frame in turn, each going first as often; a frame's time
/// is the shortest of three runs. frame(i): what run takes; exit_of(i): where frame i must leave. Throws
/// where it does not.
template <class Adaptive, class Plain, class Frame, class ExitOf>
[[nodiscard]] double time_share(Adaptive& adaptive, Plain& plain, std::size_t frames, Frame frame,
                                ExitOf exit_of) {
  const auto timed = [](auto& net, auto f, double& shortest) {
    const auto start = std::chrono::steady_clock::now();
    const auto a = net.run(f);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    shortest = std::min(shortest, took.count());
    return static_cast<std::size_t>(a.exit);
  };
  double ours = 0.0, theirs = 0.0;
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
    ours += shortest, theirs += shortest_plain;
  }
  return ours / theirs;
}

}  // namespace examples
