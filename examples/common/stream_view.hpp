// SPDX-License-Identifier: MIT
// stream_view: a stream as it goes, some lines of a terminal that are drawn anew in place.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <flexdnn/stream/waiting_line.hpp>
#include <functional>
#include <mutex>
#include <span>
#include <string>
#include <thread>
#include <vector>

namespace examples {

/// A moment of a stream.
struct stream_moment {
  flexdnn::stream_counts counts;
  std::size_t waiting = 0, level = 0;
  double p50_ms = 0.0, p99_ms = 0.0;
};

/// Draws on a thread of its own, ten times a second, so that a terminal that is slow or held delays no frame;
/// the last time when it is destroyed, once the stream has ended.
class stream_view {
 public:
  /// look: called on that thread. taken: frames answered at each exit; one alone has no bar. levels: their
  /// names.
  stream_view(std::function<stream_moment()> look, std::vector<std::string> exits,
              std::span<const std::atomic<std::uint64_t>> taken, std::vector<std::string> levels);
  stream_view(const stream_view&) = delete;
  stream_view& operator=(const stream_view&) = delete;
  ~stream_view();

  /// Whether stderr is a terminal whose lines can be drawn anew.
  [[nodiscard]] static bool is_possible();

 private:
  using clock = std::chrono::steady_clock;
  static constexpr std::chrono::milliseconds pause{100};

  struct sample {
    clock::time_point when;
    flexdnn::stream_counts counts;
  };

  void work();
  void draw();
  [[nodiscard]] std::vector<std::string> lines();

  std::function<stream_moment()> look_;
  std::vector<std::string> exits_;
  std::span<const std::atomic<std::uint64_t>> taken_;
  std::vector<std::string> levels_;
  std::array<sample, 11> last_second_;  ///< a ring
  std::size_t draws_ = 0, drawn_ = 0;   ///< drawn_: lines on the screen
  std::mutex mutex_;
  std::condition_variable changed_;
  bool ended_ = false;
  std::thread thread_;  ///< last: it uses all of the above
};

}  // namespace examples
