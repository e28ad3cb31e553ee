// SPDX-License-Identifier: MIT
// thread_team: independent jobs on several threads, with the same results for any number of threads.
#pragma once

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <thread>
#include <type_traits>
#include <vector>

namespace flexdnn {

/// The caller's thread and helpers that sleep between calls.
class thread_team {
 public:
  /// `threads` in all, 0: one per core. Throws std::system_error where a thread cannot be started.
  explicit thread_team(unsigned threads) : thread_team() {  // delegates: the destructor joins who was started
    if (threads == 0) threads = std::max(1U, std::thread::hardware_concurrency());
    helpers_.reserve(threads - 1);
    for (unsigned worker = 1; worker < threads; ++worker) {
      helpers_.emplace_back([this, worker] { help(worker); });
    }
  }
  thread_team(const thread_team&) = delete;
  thread_team& operator=(const thread_team&) = delete;
  ~thread_team() {
    call(nullptr, nullptr, 0);
    for (std::thread& helper : helpers_) helper.join();
  }

  [[nodiscard]] std::size_t size() const { return helpers_.size() + 1; }

  /// Calls f(job), or f(job, worker) with worker < size(), once for each job in [0, jobs); returns when all
  /// are done. Which worker takes a job varies from run to run: a job writes only to places of its own,
  /// `worker` only picks a workspace, and the caller reduces in the order of jobs. Then no bit depends on
  /// the number of threads. f must not throw. One caller at a time.
  template <class F>
  void run(std::size_t jobs, F&& f) {
    using job_function = std::remove_reference_t<F>;
    const auto one = [](void* function, std::size_t job, [[maybe_unused]] std::size_t worker) {
      if constexpr (std::is_invocable_v<job_function&, std::size_t, std::size_t>) {
        (*static_cast<job_function*>(function))(job, worker);
      } else {
        (*static_cast<job_function*>(function))(job);
      }
    };
    if (jobs == 0) return;
    call(one, &f, jobs);
    work(0);
    std::unique_lock lock(mutex_);
    done_.wait(lock, [this] { return busy_ == 0; });
  }

 private:
  thread_team() = default;

  using call_function = void (*)(void*, std::size_t, std::size_t);

  /// call null: the helpers leave.
  void call(call_function function, void* argument, std::size_t jobs) {
    {
      const std::lock_guard lock(mutex_);
      call_ = function, argument_ = argument, jobs_ = jobs;
      next_ = 0;
      busy_ = helpers_.size();
      ++round_;
    }
    begin_.notify_all();
  }

  void work(std::size_t worker) {
    for (std::size_t job = next_++; job < jobs_; job = next_++) call_(argument_, job, worker);
  }

  void help(std::size_t worker) {
    for (unsigned round = 0;;) {
      {
        std::unique_lock lock(mutex_);
        begin_.wait(lock, [&] { return round_ != round; });
        round = round_;
      }
      if (call_ == nullptr) return;
      work(worker);
      const std::lock_guard lock(mutex_);
      if (--busy_ == 0) done_.notify_one();
    }
  }

  std::mutex mutex_;
  std::condition_variable begin_, done_;
  unsigned round_ = 0;
  std::size_t busy_ = 0, jobs_ = 0;
  std::atomic<std::size_t> next_{0};
  call_function call_ = nullptr;
  void* argument_ = nullptr;
  std::vector<std::thread> helpers_;
};

}  // namespace flexdnn
