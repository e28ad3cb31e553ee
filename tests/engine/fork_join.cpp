// SPDX-License-Identifier: MIT
// fork_join: every share once, whoever runs it, awake or asleep; pools apart; destruction at any time.
#include <flexdnn/engine/fork_join.hpp>

#include <doctest/doctest.h>

#include <flexdnn/plan/executor.hpp>
#include <numeric>
#include <stdexcept>

#include "slow_build.hpp"

namespace fork_join_test {

using namespace flexdnn;

static_assert(executor<fork_join<2>> && executor<fork_join<16>> && executor<sequential>);

constexpr int many = slow_build ? 300 : 20'000;

/// Forks `rounds` times, with a pause before each; every share has run once when fork returns.
template <int Threads>
int wrong_rounds(fork_join<Threads>& pool, int rounds, std::chrono::microseconds pause = {}) {
  int wrong = 0;
  std::array<int, std::size_t{Threads}> calls{};  // not atomic: fork orders them
  for (int round = 1; round <= rounds; ++round) {
    if (pause.count() > 0) std::this_thread::sleep_for(pause);
    pool.fork([&](int share) noexcept { ++calls[static_cast<std::size_t>(share)]; });
    for (const int c : calls) wrong += c != round;
  }
  return wrong;
}

template <int Threads>
void every_share_once() {
  fork_join<Threads> pool;
  CHECK(wrong_rounds(pool, many) == 0);
  CHECK(wrong_rounds(pool, 20, std::chrono::microseconds(90)) == 0);   // about to fall asleep
  CHECK(wrong_rounds(pool, 20, std::chrono::microseconds(700)) == 0);  // asleep
}

}  // namespace fork_join_test

TEST_CASE("every share is called once in each of many forks") {
  fork_join_test::every_share_once<2>();
  fork_join_test::every_share_once<3>();
  fork_join_test::every_share_once<5>();
}

TEST_CASE("what a share writes is seen by the caller and by the next fork's shares") {
  flexdnn::fork_join<3> pool;
  std::array<long, 3> numbers{1, 2, 3};
  for (int round = 0; round < fork_join_test::many / 10; ++round) {
    std::array<long, 3> turned{};
    pool.fork([&](int share) noexcept {
      const auto i = static_cast<std::size_t>(share);
      turned[i] = numbers[(i + 1) % 3];
    });
    numbers = turned;
  }
  CHECK(std::accumulate(numbers.begin(), numbers.end(), 0L) == 6);
}

TEST_CASE("pools do not know of each other, and one may be used from one thread after another") {
  flexdnn::fork_join<2> first, second;
  int wrong = 0, wrong_there = 0;
  std::thread other([&] { wrong_there = fork_join_test::wrong_rounds(second, fork_join_test::many / 4); });
  wrong = fork_join_test::wrong_rounds(first, fork_join_test::many / 4);
  other.join();
  CHECK(wrong == 0);
  CHECK(wrong_there == 0);
  CHECK(fork_join_test::wrong_rounds(second, 10) == 0);
}

TEST_CASE("a pool goes away unused, busy until just now, or asleep") {
  for (int i = 0; i < (slow_build ? 3 : 50); ++i) {
    const flexdnn::fork_join<3> unused;
    flexdnn::fork_join<2> busy;
    CHECK(fork_join_test::wrong_rounds(busy, i) == 0);
  }
  flexdnn::fork_join<4> asleep;
  CHECK(fork_join_test::wrong_rounds(asleep, 2) == 0);
  std::this_thread::sleep_for(std::chrono::milliseconds(2));
}
