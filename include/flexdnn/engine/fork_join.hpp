// SPDX-License-Identifier: MIT
// fork_join: an executor with threads of its own, which wait spinning for a while and then asleep.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <thread>

namespace flexdnn {

/// The caller and Threads - 1 others. Its constructor starts them and throws std::system_error where it
/// cannot; the destructor joins them; fork allocates nothing. A share is taken by whoever comes first, so
/// that a thread which still wakes up, or whose core is busy, is waited for only once it has begun.
template <int Threads>
class fork_join {
  static_assert(Threads > 1, "flexdnn: fork_join wants two threads or more; one thread is `sequential`");

 public:
  static constexpr int threads = Threads;

  fork_join() : fork_join(no_one{}) {  // delegates, so that the destructor joins those that could be started
    for (int i = 1; i < Threads; ++i) {
      helpers_[static_cast<std::size_t>(i - 1)] = std::thread([this, i] { help(i); });
    }
  }
  fork_join(const fork_join&) = delete;
  fork_join& operator=(const fork_join&) = delete;
  ~fork_join() {
    leaving_ = true;
    ++round_;
    round_.notify_all();
    for (std::thread& helper : helpers_) {
      if (helper.joinable()) helper.join();
    }
  }

  /// Calls share(0), ..., share(Threads - 1), each once. One thread at a time, and not from within a share.
  template <class Share>
  void fork(const Share& share) noexcept {
    share_ = &share;
    call_ = [](const void* s, int number) noexcept { (*static_cast<const Share*>(s))(number); };
    // All stores that somebody may sleep on are sequentially consistent: the library looks for sleepers
    // after them, and a weaker store could be seen later than that.
    const unsigned round = ++round_;
    round_.notify_all();
    take_shares(0, round);
    for (const slot& s : slots_) wait_while(s.done, round - 1);
  }

 private:
  struct no_one {};
  explicit fork_join(no_one) noexcept {}

  /// On a cache line of its own: the rounds in which a share was last taken, and last done.
  struct alignas(64) slot {
    std::atomic<unsigned> taken{0}, done{0};
  };

  void help(int number) noexcept {
    for (unsigned round = 0;;) {
      wait_while(round_, round);
      round = round_;
      if (leaving_) return;
      take_shares(number, round);
    }
  }

  /// One's own share first, which was one's own in the step before: its inputs are near. Then those that
  /// nobody has begun. A thread that comes late finds all of its round taken, and touches nothing.
  void take_shares(int own, unsigned round) noexcept {
    for (int i = 0; i < Threads; ++i) {
      const int number = (own + i) % Threads;
      slot& s = slots_[static_cast<std::size_t>(number)];
      unsigned before = round - 1;
      if (!s.taken.compare_exchange_strong(before, round)) continue;
      call_(share_, number);
      s.done = round;
      s.done.notify_one();
    }
  }

  static void wait_while(const std::atomic<unsigned>& value, unsigned old) noexcept {
    using clock = std::chrono::steady_clock;
    const auto start = clock::now();
    do {
      for (int i = 0; i < 64; ++i) {
        if (value.load(std::memory_order_acquire) != old) return;
        relax();
      }
    } while (clock::now() - start < spinning);
    value.wait(old);
  }

  static void relax() noexcept {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__) || defined(__arm__)
    asm volatile("yield");
#endif
  }

  // To wake a thread costs the caller 3 to 15 us. Steps that it computes alone are shorter than this; the
  // time between two frames need not be.
  static constexpr std::chrono::microseconds spinning{100};

  alignas(64) std::atomic<unsigned> round_{0};
  std::atomic<bool> leaving_{false};
  const void* share_ = nullptr;
  void (*call_)(const void*, int) noexcept = nullptr;
  std::array<slot, std::size_t{Threads}> slots_{};
  std::array<std::thread, std::size_t{Threads - 1}> helpers_{};
};

}  // namespace flexdnn
