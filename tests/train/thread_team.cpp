// SPDX-License-Identifier: MIT
// Laws of thread_team: every job once, workers within range, and the same bits for any number of threads.
#include <doctest/doctest.h>

#include <atomic>
#include <cmath>
#include <flexdnn/train/thread_team.hpp>
#include <vector>

using namespace flexdnn;

TEST_CASE("every job runs exactly once, whatever the number of threads") {
  for (const unsigned threads : {0U, 1U, 2U, 3U, 16U}) {
    for (const std::size_t jobs : {0U, 1U, 2U, 100U}) {
      std::vector<std::atomic<int>> runs(jobs);
      thread_team(threads).run(jobs, [&](std::size_t job) { ++runs[job]; });
      for (const std::atomic<int>& count : runs) CHECK(count == 1);
    }
  }
}

TEST_CASE("a worker's number is below the number of threads and is not shared") {
  std::vector<std::atomic<int>> busy(3);
  std::atomic<int> clashes{0};
  thread_team(3).run(1000, [&](std::size_t, std::size_t worker) {
    if (busy.at(worker)++ != 0) ++clashes;
    --busy[worker];
  });
  CHECK(clashes == 0);
}

TEST_CASE("a sum reduced in the order of jobs is bit-identical for any number of threads") {
  const auto sum = [](unsigned threads) {
    std::vector<float> parts(64);
    thread_team(threads).run(parts.size(), [&](std::size_t job) {
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

TEST_CASE("a team works again and again, for jobs of any kind") {
  thread_team team(3);
  CHECK(team.size() == 3);
  std::vector<int> sums(5);
  for (int round = 0; round < 1000; ++round) {
    team.run(sums.size(), [&](std::size_t job) { sums[job] += round; });
    team.run(2, [&](std::size_t job, std::size_t) { sums[job] += 1; });
  }
  CHECK(sums == std::vector{500500, 500500, 499500, 499500, 499500});
}
