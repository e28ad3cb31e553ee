// SPDX-License-Identifier: MIT
// waiting_line: frames before one server, first in first out: which are admitted, and what becomes of each.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "latency_histogram.hpp"
#include "service_estimate.hpp"

namespace flexdnn {

/// Every frame that arrived is answered, late, dropped, or still waiting or being served.
struct stream_counts {
  std::uint64_t arrived = 0;
  std::uint64_t answered = 0;  ///< in time
  std::uint64_t late = 0;      ///< answered after the latency that is tolerated
  std::uint64_t dropped = 0;   ///< never begun
};

/// Knows no clock: callers say when things happen, in nanoseconds that never fall, so that a simulation and a
/// worker thread run the same code. A frame is admitted where it is expected to be answered within the
/// maximum tolerable latency (MTL) of its arrival (Fang et al. 2020); one that is answered later all the same
/// is late. Allocates nothing. Estimate: of service times. Capacity: frames that wait at most; more are
/// dropped.
template <service_estimate Estimate, std::size_t Capacity = 64>
class waiting_line {
  static_assert(Capacity > 0, "flexdnn: a line that nobody may wait in admits nothing");

 public:
  static constexpr std::size_t capacity = Capacity;

  waiting_line(std::int64_t tolerated, Estimate estimate)
      : tolerated_(tolerated), estimate_(std::move(estimate)) {}

  /// A frame arrives; false: it is dropped.
  bool arrive(std::int64_t now) noexcept {
    ++counts_.arrived;
    const std::int64_t each = estimate_.expected();
    const std::int64_t rest = busy_ ? std::max<std::int64_t>(began_ + of_served() - now, 0) : 0;
    const std::int64_t before = rest + static_cast<std::int64_t>(waiting_) * each;
    if (waiting_ == Capacity || before + each > tolerated_) {
      ++counts_.dropped;
      if constexpr (requires { estimate_.refused(); }) {
        if (each > tolerated_) estimate_.refused();  // no queue is to blame
      }
      return false;
    }
    arrivals_[(head_ + waiting_++) % Capacity] = now;
    return true;
  }

  [[nodiscard]] std::size_t waiting() const noexcept { return waiting_; }
  [[nodiscard]] bool busy() const noexcept { return busy_; }

  /// The server, which is idle, takes the first frame that waits. Returns when that one arrived.
  std::int64_t begin(std::int64_t now) noexcept {
    served_ = arrivals_[head_];
    head_ = (head_ + 1) % Capacity;
    --waiting_;
    busy_ = true, began_ = now;
    if constexpr (requires { estimate_.choose(now); }) estimate_.choose(slack());
    return served_;
  }

  /// How long the frame that was begun may take, so that it and all that wait are answered in time if each of
  /// those takes `expected()`; negative where that is too late already.
  [[nodiscard]] std::int64_t slack() const noexcept {
    std::int64_t least = served_ + tolerated_ - began_, behind = 0;
    for (std::size_t k = 0; k < waiting_; ++k) {
      behind += estimate_.expected();
      least = std::min(least, arrivals_[(head_ + k) % Capacity] + tolerated_ - began_ - behind);
    }
    return least;
  }

  /// It has answered.
  void end(std::int64_t now) noexcept {
    busy_ = false;
    busy_time_ += now - began_;
    estimate_.observe(now - began_);
    latencies_.record(now - served_);
    ++(now - served_ > tolerated_ ? counts_.late : counts_.answered);
  }

  /// level_choice::hold.
  void hold(std::size_t level) noexcept { estimate_.hold(level); }

  [[nodiscard]] const stream_counts& counts() const noexcept { return counts_; }
  [[nodiscard]] const latency_histogram& latencies() const noexcept { return latencies_; }
  [[nodiscard]] std::int64_t busy_time() const noexcept { return busy_time_; }
  [[nodiscard]] const Estimate& estimate() const noexcept { return estimate_; }

 private:
  /// What the frame with the server is expected to take: more than the next one may where levels differ.
  [[nodiscard]] std::int64_t of_served() const noexcept {
    if constexpr (requires { estimate_.expected_of_served(); }) return estimate_.expected_of_served();
    return estimate_.expected();
  }

  std::int64_t tolerated_;
  Estimate estimate_;
  std::array<std::int64_t, Capacity> arrivals_{};
  std::size_t head_ = 0, waiting_ = 0;
  bool busy_ = false;
  std::int64_t began_ = 0, served_ = 0, busy_time_ = 0;
  stream_counts counts_;
  latency_histogram latencies_;
};

}  // namespace flexdnn
