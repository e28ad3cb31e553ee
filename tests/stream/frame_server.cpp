// SPDX-License-Identifier: MIT
// frame_server: every frame is accounted for and arrives as it was written, whatever the threads do.
#include <flexdnn/stream/frame_server.hpp>

#include <doctest/doctest.h>

#include <cstring>
#include <flexdnn/stream/level_choice.hpp>
#include <random>

using namespace flexdnn;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t frame_bytes = 4096;

/// A frame is its number, over and over.
auto writes(std::uint32_t number) {
  return [number](std::span<std::byte> to) noexcept {
    for (std::size_t i = 0; i < to.size(); i += sizeof number) std::memcpy(&to[i], &number, sizeof number);
  };
}

/// Notes each frame, and whether it was torn; serves for as long as the number says.
struct notebook {
  std::vector<std::uint32_t>* seen;
  bool* torn;
  int pause_us = 0;

  void operator()(const served_frame& frame) noexcept {
    const auto number = static_cast<std::uint32_t>(frame.number);
    std::uint32_t each = 0;
    for (std::size_t i = 0; i < frame.bytes.size(); i += sizeof each) {
      std::memcpy(&each, &frame.bytes[i], sizeof each);
      *torn = *torn || each != number;
    }
    seen->push_back(number);
    if (pause_us > 0)
      std::this_thread::sleep_for(std::chrono::microseconds(number * 37U % 5U * unsigned(pause_us)));
  }
};

}  // namespace

TEST_CASE("bursts: answered, late and dropped are all that arrived, in their order") {
  std::vector<std::uint32_t> seen, admitted;
  seen.reserve(2000);
  bool torn = false;
  stream_counts counts;
  {
    frame_server server(frame_bytes, 2ms, mean_estimate(100'000), notebook{&seen, &torn, 40});
    std::mt19937 random(5);
    for (std::uint32_t k = 0; k < 2000; ++k) {
      if (server.arrive(writes(k))) admitted.push_back(k);
      if (random() % 8 == 0) std::this_thread::sleep_for(300us);
    }
    server.finish();
    CHECK_FALSE(server.arrive(writes(0)));  // refused, and not counted
    counts = server.counts();
    CHECK(server.snapshot().latencies().count() == seen.size());
  }
  CHECK(counts.arrived == 2000);
  CHECK(counts.answered + counts.late == seen.size());
  CHECK(counts.answered + counts.late + counts.dropped == counts.arrived);
  CHECK(seen == admitted);
  CHECK_FALSE(torn);
}

TEST_CASE("back-pressure: a source that waits for room loses nothing") {
  std::vector<std::uint32_t> seen;
  bool torn = false;
  frame_server<notebook, worst_case_estimate, 2> server(frame_bytes, 24h, {}, notebook{&seen, &torn});
  for (std::uint32_t k = 0; k < 3000; ++k) {
    server.wait_for_room();
    CHECK(server.arrive(writes(k)));
  }
  server.finish();
  CHECK(seen.size() == 3000);
  CHECK(server.snapshot().counts().answered == 3000);
  CHECK_FALSE(torn);
}

TEST_CASE("the queue is bounded, also where the estimate would let more in") {
  std::vector<std::uint32_t> seen;
  bool torn = false;
  std::mutex gate;
  gate.lock();
  const auto held = [&](const served_frame& frame) noexcept {
    const std::lock_guard open(gate);
    notebook{&seen, &torn}(frame);
  };
  frame_server<decltype(held), worst_case_estimate, 3> server(frame_bytes, 24h, {}, held);
  std::uint32_t taken = 0;
  for (std::uint32_t k = 0; k < 100; ++k) taken += server.arrive(writes(k)) ? 1U : 0U;
  CHECK(taken >= 3);
  CHECK(taken <= 4);  // one may be with the server
  gate.unlock();
  server.finish();
  CHECK(seen.size() == taken);
  CHECK(server.snapshot().counts().dropped == 100 - taken);
}

TEST_CASE("levels: each frame is told which was chosen for it") {
  std::array<std::uint64_t, 2> served{};
  const auto count = [&](const served_frame& frame) noexcept {
    ++served[frame.level];
    std::this_thread::sleep_for(frame.level == 0 ? 5ms : 10us);
  };
  const std::array<worst_case_estimate, 2> estimates{{{5'000'000}, {10'000}}};
  level_choice<worst_case_estimate, 2> choice(estimates);
  frame_server<decltype(count), decltype(choice), 64> server(frame_bytes, 60ms, choice, count);
  // Where they come at once, the twelfth has no 5 ms left.
  std::uint64_t admitted = 0;
  for (std::uint32_t k = 0; k < 40; ++k) admitted += server.arrive(writes(k)) ? 1U : 0U;
  server.finish();
  const auto line = server.snapshot();
  CHECK(line.counts().answered + line.counts().late == admitted);
  CHECK(line.estimate().taken() == served);
  CHECK(served[0] > 0);
}

TEST_CASE("a level that serve returns holds for the frames that are begun after it") {
  std::array<std::uint64_t, 2> served{};
  const auto count = [&](const served_frame& frame) noexcept -> std::size_t {
    ++served[frame.level];
    return served[0] < 3 ? 0 : 1;
  };
  const std::array<worst_case_estimate, 2> estimates{};
  level_choice<worst_case_estimate, 2> choice(estimates);
  frame_server<decltype(count), decltype(choice), 64> server(frame_bytes, 24h, choice, count);
  for (std::uint32_t k = 0; k < 40; ++k) CHECK(server.arrive(writes(k)));
  server.finish();
  CHECK(served[0] == 3);
  CHECK(served[1] == 37);
}

TEST_CASE("a server that nobody finished serves what it took, and ends") {
  std::vector<std::uint32_t> seen;
  bool torn = false;
  for (std::uint32_t k = 0; k < 50; ++k) {
    frame_server server(frame_bytes, 24h, worst_case_estimate{}, notebook{&seen, &torn});
    CHECK(server.arrive(writes(0)));
  }
  CHECK(seen.size() == 50);
  CHECK_FALSE(torn);
}
