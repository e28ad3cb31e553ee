// SPDX-License-Identifier: MIT
#include "stream_energy.hpp"

#include <flexdnn/energy/energy_model.hpp>
#include <thread>

#include "failure.hpp"
#include "where.hpp"

namespace examples {

stream_energy::stream_energy(const std::string& how) : how_(how) {
  if (how == "powercap") require(meter_.open());
  if (how == "model" || how == "powercap") return;
  flexdnn::power_trace so_far;
  const flexdnn::status s = so_far.load(how);
  // A meter that has just begun has written less than two rows.
  if (!s && s.code() != flexdnn::code::truncated) require(s);
}

void stream_energy::start() {
  from_ = now();
  if (how_ == "powercap") require(meter_.open());
}

void stream_energy::poll() {
  // No reason to end a stream: what is wrong for good is told by stop().
  if (how_ == "powercap") (void)static_cast<bool>(meter_.read(joules_));
}

void stream_energy::stop() {
  if (how_ == "powercap") require(meter_.read(joules_));
  if (how_ == "model" || how_ == "powercap") return;
  const double to = now();
  constexpr int tries = 15;
  for (int i = 0;; ++i) {
    flexdnn::power_trace trace;
    flexdnn::status s = trace.load(how_);
    if (s) s = trace.read(from_, to, joules_);
    if (s) return;
    if (i == tries) fail(how_, s.message());
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
  }
}

joules stream_energy::of(const model& m, std::span<const std::uint64_t> frames) const {
  if (how_ == "powercap") return {joules_, true, "powercap: whole processors, whoever uses them"};
  if (how_ != "model") return {joules_, true, how_};
  const flexdnn::energy_model model;
  double sum = 0.0;
  for (std::size_t e = 0; e < frames.size(); ++e) {
    const bool plain = frames.size() == 1;
    const double each =
        model(plain ? m.backbone_macs : m.exits[e].macs, plain ? m.backbone_bytes : m.exits[e].bytes, 0.0);
    sum += each * static_cast<double>(frames[e]);
  }
  char by[96];
  std::snprintf(by, sizeof by, "%g pJ a MAC, %g pJ a byte, nothing for idling", 1e12 * model.joules_per_mac,
                1e12 * model.joules_per_byte);
  return {sum, false, by};
}

}  // namespace examples
