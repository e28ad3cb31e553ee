// SPDX-License-Identifier: MIT
// stream_options: what the command line of stream says.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace examples {

struct stream_options {
  std::string video, format, model, weights, out, labels, energy, comparators;
  float gate = 0.0F, decay = 0.0F;
  double risk = 0.01, tolerated_ms = 50.0, quantile = 0.9;
  std::optional<double> floor, rate, budget_macs;
  std::optional<std::int64_t> limit;
  bool backbone = false, in_time = false, json = false;
};

}  // namespace examples
