// SPDX-License-Identifier: MIT
// risk_level: thresholds that were calibrated for one risk.
#pragma once

#include <array>
#include <cstddef>

namespace flexdnn {

/// One row of an emitted table, from the safest to the cheapest. risk: the accuracy, as a share of frames,
/// that leaving early may cost. macs: multiply-accumulates of a frame, the mean over the frames that
/// calibrated it; 0 where nobody said.
template <int Exits>
struct risk_level {
  double risk = 0.0;
  std::array<float, static_cast<std::size_t>(Exits - 1)> thresholds{};
  double macs = 0.0;
};

}  // namespace flexdnn
