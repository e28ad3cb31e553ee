// SPDX-License-Identifier: MIT
// pareto_point: a setting of thresholds, and what it costs and loses.
#pragma once

#include "exit_trace.hpp"

namespace flexdnn {

/// Means over frames: cost in the unit of exit_costs, loss from 0 to 1. A path of them goes from the safest,
/// costliest setting to the boldest, cheapest.
struct pareto_point {
  exit_thresholds thresholds;
  double cost = 0.0, loss = 0.0;
};

}  // namespace flexdnn
