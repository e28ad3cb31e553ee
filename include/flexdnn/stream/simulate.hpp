// SPDX-License-Identifier: MIT
// simulate: a stream in simulated time, from measured service times.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "waiting_line.hpp"

namespace flexdnn {

/// Frames arrive at arrival(0), arrival(1), ..., in order, and the server takes service(k) for the frame of
/// number k, all in nanoseconds; an arrival at the moment of an answer comes after it. Goes on until nobody
/// waits.
template <class Line, class Arrival, class Service>
void simulate(Line& line, std::uint64_t frames, Arrival arrival, Service service) {
  std::array<std::uint64_t, Line::capacity> waiting{};  // their numbers
  std::size_t first = 0, last = 0;
  std::int64_t free_at = 0;
  const auto serve_until = [&](std::int64_t now, bool all) {
    while (line.busy() && (all || free_at <= now)) {
      line.end(free_at);
      if (line.waiting() == 0) break;
      (void)line.begin(free_at);
      free_at += service(waiting[first++ % Line::capacity]);
    }
  };
  for (std::uint64_t k = 0; k < frames; ++k) {
    const std::int64_t now = arrival(k);
    serve_until(now, false);
    if (!line.arrive(now)) continue;
    waiting[last++ % Line::capacity] = k;
    if (line.busy()) continue;
    (void)line.begin(now);
    free_at = now + service(waiting[first++ % Line::capacity]);
  }
  serve_until(0, true);
}

}  // namespace flexdnn
