// SPDX-License-Identifier: MIT
// stream_energy: joules of a stream, measured or modelled, and which of the two.
#pragma once

#include <chrono>
#include <cstdint>
#include <flexdnn/energy/power_trace.hpp>
#include <flexdnn/energy/powercap_meter.hpp>
#include <span>
#include <string>

#include "model.hpp"

namespace examples {

struct joules {
  double all = 0.0;
  bool measured = false;
  std::string by;  ///< what measured it, or the model's constants
};

/// how: "model" (energy_model's constants), "powercap" (the processors' counters), else a file that a meter
/// writes meanwhile, Unix time and watts (power_trace).
class stream_energy {
 public:
  /// Throws where nothing will be measured.
  explicit stream_energy(const std::string& how);

  void start();
  /// The counters of powercap wrap: at least once in some minutes. Reads files of the kernel's.
  void poll();
  /// The stream has ended. Waits for a meter that writes once a second.
  void stop();

  /// frames: answered at each exit of the model, or one number: by its backbone.
  [[nodiscard]] joules of(const model& m, std::span<const std::uint64_t> frames) const;

 private:
  using clock = std::chrono::system_clock;

  [[nodiscard]] static double now() {
    return std::chrono::duration<double>(clock::now().time_since_epoch()).count();
  }

  std::string how_;
  flexdnn::powercap_meter meter_;
  double from_ = 0.0, joules_ = 0.0;
};

}  // namespace examples
