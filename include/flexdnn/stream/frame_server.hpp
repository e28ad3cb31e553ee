// SPDX-License-Identifier: MIT
// frame_server: frames in real time: a bounded queue before one thread that serves them.
#pragma once

#include <array>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <span>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "waiting_line.hpp"

namespace flexdnn {

/// A frame and how it is to be looked at.
struct served_frame {
  std::span<const std::byte> bytes;
  std::uint64_t number = 0;  ///< of all that arrived, from 0
  std::size_t level = 0;     ///< of a level_choice; 0 without one
  std::int64_t slack = 0;    ///< waiting_line::slack as it is begun: nanoseconds that it may take
};

/// Serve: serve(const served_frame&) noexcept, called on a thread of this object, one frame at a time, in the
/// order of arrival; where it returns a number, that is the level to hold from then on. Which frames are
/// admitted says a waiting_line, by the steady clock, which no change of the system's time reaches. Frames
/// lie in Capacity + 1 buffers of one size; after construction nothing is allocated.
template <class Serve, service_estimate Estimate, std::size_t Capacity = 8>
class frame_server {
  static_assert(std::is_nothrow_invocable_v<Serve&, const served_frame&>,
                "flexdnn: serve must be noexcept, there is nobody on its thread to tell");

 public:
  using line = waiting_line<Estimate, Capacity>;

  /// frame_bytes: of a frame. tolerated: from a frame's arrival to its answer.
  frame_server(std::size_t frame_bytes, std::chrono::nanoseconds tolerated, Estimate estimate, Serve serve)
      : bytes_(frame_bytes),
        frames_(slots * frame_bytes),
        line_(tolerated.count(), std::move(estimate)),
        serve_(std::move(serve)),
        worker_([this] { work(); }) {}

  frame_server(const frame_server&) = delete;
  frame_server& operator=(const frame_server&) = delete;
  ~frame_server() { finish(); }

  /// A frame arrives now; false: it is dropped, else fill(std::span<std::byte>) noexcept has written it. One
  /// thread calls this and what follows, up to finish().
  template <class Fill>
  bool arrive(Fill&& fill) noexcept {
    static_assert(std::is_nothrow_invocable_v<Fill&, std::span<std::byte>>,
                  "flexdnn: fill must be noexcept: the frame is admitted by then");
    {
      const std::lock_guard lock(mutex_);
      if (finishing_ || !line_.arrive(now())) return false;
      numbers_[admitted_ % slots] = line_.counts().arrived - 1;
    }
    fill(std::span(frames_).subspan(admitted_++ % slots * bytes_, bytes_));
    {
      const std::lock_guard lock(mutex_);
      ++ready_;
    }
    changed_.notify_all();
    return true;
  }

  /// For a source that can wait, a file: until the next frame finds room.
  void wait_for_room() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return line_.waiting() < Capacity; });
  }

  /// Serves what waits and ends the thread; frames that arrive from now on are refused and not counted.
  void finish() {
    {
      const std::lock_guard lock(mutex_);
      finishing_ = true;
    }
    changed_.notify_all();
    if (worker_.joinable()) worker_.join();
  }

  /// What became of the frames so far. By any thread, the server's too.
  [[nodiscard]] stream_counts counts() const {
    const std::lock_guard lock(mutex_);
    return line_.counts();
  }

  /// The line as it stands, some 20 KB: counts, latencies, time that the server was busy. By any thread.
  [[nodiscard]] line snapshot() const {
    const std::lock_guard lock(mutex_);
    return line_;
  }

 private:
  static constexpr std::size_t slots = Capacity + 1;  // one is with the server

  static std::int64_t now() noexcept {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(
               std::chrono::steady_clock::now().time_since_epoch())
        .count();
  }

  void work() {
    std::unique_lock lock(mutex_);
    for (std::size_t served = 0;; ++served) {
      changed_.wait(lock, [this] { return ready_ > 0 || finishing_; });
      if (ready_ == 0) return;
      --ready_;
      (void)line_.begin(now());
      served_frame frame{std::span(frames_).subspan(served % slots * bytes_, bytes_),
                         numbers_[served % slots]};
      frame.slack = line_.slack();
      if constexpr (requires { line_.estimate().level(); }) frame.level = line_.estimate().level();
      lock.unlock();
      changed_.notify_all();
      serve(lock, frame);
    }
  }

  /// Enters without the lock and leaves with it.
  void serve(std::unique_lock<std::mutex>& lock, const served_frame& frame) noexcept {
    if constexpr (std::is_void_v<std::invoke_result_t<Serve&, const served_frame&>>) {
      serve_(frame);
      lock.lock();
    } else {
      const std::size_t level = serve_(frame);
      lock.lock();
      line_.hold(level);
    }
    line_.end(now());
  }

  std::size_t bytes_;
  std::vector<std::byte> frames_;
  std::array<std::uint64_t, slots> numbers_{};
  std::size_t admitted_ = 0;  ///< of the arriving thread
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  line line_;
  std::size_t ready_ = 0;  ///< written, not yet taken
  bool finishing_ = false;
  Serve serve_;
  std::thread worker_;  ///< last: it uses all of the above
};

}  // namespace flexdnn
