// SPDX-License-Identifier: MIT
// Laws of parallel_for: every job once, workers within range, and the same bits for any number of threads.
#include <doctest/doctest.h>

#include <atomic>
#include <cmath>
#include <flexdnn/train/parallel_for.hpp>
#include <vector>

using namespace flexdnn;

TEST_CASE("every job runs exactly once, whatever the number of threads") {
  for (const unsigned threads : {0U, 1U, 2U, 3U, 16U}) {
    for (const std::size_t jobs : {0U, 1U, 2U, 100U}) {
      std::vector<std::atomic<int>> runs(jobs);
      parallel_for(threads, jobs, [&](std::size_t job) { ++runs[job]; });
      for (const std::atomic<int>& count : runs) CHECK(count == 1);
    }
  }
}

TEST_CASE("a worker's number is below the number of threads and is not shared") {
  std::vector<std::atomic<int>> busy(3);
  std::atomic<int> clashes{0};
  parallel_for(3, 1000, [&](std::size_t, std::size_t worker) {
    if (busy.at(worker)++ != 0) ++clashes;
    --busy[worker];
  });
  CHECK(clashes == 0);
}

TEST_CASE("a sum reduced in the order of jobs is bit-identical for any number of threads") {
  const auto sum = [](unsigned threads) {
    std::vector<float> parts(64);
    parallel_for(threads, parts.size(), [&](std::size_t job) {
      for (int i = 0; i < 1000; ++i)
        parts[job] += std::sin(static_cast<float>(job * 1000 + static_cast<std::size_t>(i)));
    });
    float total = 0.0f;
    for (const float part : parts) total += part;
    return total;
  };
  const float single = sum(1);
  CHECK(single != 0.0f);
  for (const unsigned threads : {2U, 3U, 8U}) CHECK(sum(threads) == single);
}
