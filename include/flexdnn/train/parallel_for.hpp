// SPDX-License-Identifier: MIT
// parallel_for: independent jobs on several threads, with the same results for any number of threads.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <thread>
#include <type_traits>
#include <vector>

namespace flexdnn {

/// Calls f(job), or f(job, worker) with worker < threads, once for each job in [0, jobs), on at most
/// `threads` threads (the caller's is one; 0: one per core). Returns when all are done.
/// Which worker takes a job varies from run to run: a job writes only to places of its own, `worker` only
/// picks a workspace, and the caller reduces in the order of jobs. Then no bit depends on `threads`.
/// f must not throw.
template <class F>
void parallel_for(unsigned threads, std::size_t jobs, F&& f) {
  if (threads == 0) threads = std::max(1U, std::thread::hardware_concurrency());
  std::atomic<std::size_t> next{0};
  const auto work = [&]([[maybe_unused]] std::size_t worker) {
    for (std::size_t job = next++; job < jobs; job = next++) {
      if constexpr (std::is_invocable_v<F&, std::size_t, std::size_t>) {
        f(job, worker);
      } else {
        f(job);
      }
    }
  };
  const std::size_t helpers = std::min<std::size_t>(threads, std::max<std::size_t>(jobs, 1)) - 1;
  std::vector<std::thread> pool;
  pool.reserve(helpers);
  for (std::size_t worker = 1; worker <= helpers; ++worker) pool.emplace_back(work, worker);
  work(0);
  for (std::thread& thread : pool) thread.join();
}

}  // namespace flexdnn
