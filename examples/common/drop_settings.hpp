// SPDX-License-Identifier: MIT
// drop_settings: the six settings of frame rate and tolerated latency of Fang et al. 2020.
#pragma once

#include <cstdint>

namespace examples {

/// Frames a second, tolerated latency and the backbone's service time, ms, as read off the paper's figure:
/// utilisation is rate x service, latency counts in services.
struct drop_setting {
  const char* name;
  double rate, tolerated_ms, service_ms;
};
inline constexpr drop_setting drop_settings[]{{"V-UCF", 2, 2000, 965},   {"I-UCF", 10, 1000, 400},
                                              {"V-Place", 30, 50, 43},   {"I-Place", 30, 50, 47},
                                              {"V-VeDrone", 30, 50, 43}, {"I-VeDrone", 30, 50, 47}};
inline constexpr std::uint64_t drop_arrivals = 100'000;

}  // namespace examples
