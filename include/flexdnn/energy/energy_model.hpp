// SPDX-License-Identifier: MIT
// energy_model: joules of a frame where nothing measures them; always to be labelled as modelled.
#pragma once

#include <cstdint>

namespace flexdnn {

/// E = joules_per_mac * MACs + joules_per_byte * bytes + idle_watts * seconds. Defaults: a 32-bit float
/// multiplication and addition, 3.7 + 0.9 pJ, and a byte of DRAM, 640 pJ a 32-bit word, of a 45 nm process
/// (Horowitz, ISSCC 2014). That bounds neither a processor that fetches and decodes instructions for it from
/// above nor one of today from below: fit all three to a meter's reading before a figure leaves the house.
struct energy_model {
  double joules_per_mac = 4.6e-12, joules_per_byte = 160e-12, idle_watts = 0.0;

  /// macs, bytes: of the path that a frame took (path_macs(), path_bytes()). seconds: that it took.
  [[nodiscard]] constexpr double operator()(std::uint64_t macs, std::uint64_t bytes,
                                            double seconds) const noexcept {
    return joules_per_mac * static_cast<double>(macs) + joules_per_byte * static_cast<double>(bytes) +
           idle_watts * seconds;
  }
};

}  // namespace flexdnn
