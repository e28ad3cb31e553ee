// SPDX-License-Identifier: MIT
// level_choice: where the backbone drops, a cheaper level answers; calm streams get the accurate one.
#include <flexdnn/stream/level_choice.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <flexdnn/stream/simulate.hpp>
#include <random>
#include <vector>

using namespace flexdnn;

namespace {

constexpr std::int64_t ms = 1'000'000;
using levels = level_choice<worst_case_estimate, 3>;
constexpr std::array<worst_case_estimate, 3> ten_six_three{{{10 * ms}, {6 * ms}, {3 * ms}}};

}  // namespace

TEST_CASE("the most accurate level that has the time, down at once, up when it was calm") {
  levels choice(ten_six_three, 4);
  const auto chosen = [&](std::int64_t slack) {
    choice.choose(slack * ms);
    return choice.level();
  };
  CHECK(choice.expected() == 3 * ms);
  CHECK(chosen(11) == 0);
  CHECK(chosen(10) == 0);
  CHECK(chosen(9) == 1);
  CHECK(choice.expected_of_served() == 6 * ms);
  CHECK(chosen(2) == 2);
  CHECK(chosen(-5) == 2);  // the floor
  for (int i = 0; i < 3; ++i) CHECK(chosen(50) == 2);
  CHECK(chosen(50) == 1);  // the fourth: one level up
  for (int i = 0; i < 3; ++i) CHECK(chosen(50) == 1);
  CHECK(chosen(50) == 0);
  CHECK(chosen(7) == 1);
  CHECK(chosen(50) == 1);
  CHECK(chosen(7) == 1);  // not calm: it counts anew
  for (int i = 0; i < 3; ++i) CHECK(chosen(50) == 1);
  CHECK(chosen(50) == 0);
  CHECK(choice.taken() == std::array<std::uint64_t, 3>{4, 11, 5});
}

TEST_CASE("a level that is held is the most accurate one there is, at once and until it is let go") {
  levels choice(ten_six_three, 2);
  const auto chosen = [&](std::int64_t slack) {
    choice.choose(slack * ms);
    return choice.level();
  };
  CHECK(chosen(50) == 0);
  choice.hold(1);
  for (int i = 0; i < 5; ++i) CHECK(chosen(50) == 1);
  CHECK(chosen(4) == 2);
  for (int i = 0; i < 5; ++i) CHECK(chosen(50) == (i < 1 ? 2 : 1));
  choice.hold(99);
  CHECK(chosen(50) == 2);
  choice.hold(0);
  CHECK(chosen(50) == 2);
  CHECK(chosen(50) == 1);
}

TEST_CASE("observed times are credited to the level that was chosen") {
  levels choice(ten_six_three);
  choice.choose(7 * ms);
  choice.observe(8 * ms);
  choice.choose(7 * ms);
  CHECK(choice.level() == 2);
  choice.observe(4 * ms);
  CHECK(choice.expected() == 4 * ms);
}

TEST_CASE("one level is none to choose from; of more than there is room for the first are taken") {
  const std::vector<worst_case_estimate> estimates(99, worst_case_estimate{5 * ms});
  const std::span all(estimates);
  level_choice<worst_case_estimate> one(all.first(1)), none(all.first(0)), many(all);
  for (auto* const c : {&one, &none, &many}) c->choose(0);
  CHECK(one.level() == 0);
  CHECK(none.level() == 0);
  CHECK(many.level() == 7);
}

TEST_CASE("slack: what the frame may take so that the last of those behind it is in time") {
  waiting_line<worst_case_estimate> line(20 * ms, {4 * ms});
  REQUIRE(line.arrive(0));
  (void)line.begin(0);
  CHECK(line.slack() == 20 * ms);
  line.end(4 * ms);
  REQUIRE(line.arrive(10 * ms));
  REQUIRE(line.arrive(11 * ms));
  REQUIRE(line.arrive(12 * ms));
  (void)line.begin(13 * ms);
  // Itself until 30; the next until 31 and takes 4, the last until 32, and 8 behind it.
  CHECK(line.slack() == (32 - 13 - 8) * ms);
}

TEST_CASE("a stream that overloads the accurate level is answered by cheaper ones, in time") {
  const std::array<std::int64_t, 3> service{43 * ms, 20 * ms, 8 * ms};
  // 30 frames a second with bursts.
  const auto arrivals = [random = std::mt19937(3), now = std::int64_t{0}](std::uint64_t) mutable {
    return now += random() % 10 == 0 ? 5 * ms : 36 * ms;
  };
  waiting_line alone(50 * ms, worst_case_estimate{service[0]});
  simulate(alone, 50'000, arrivals, [&](std::uint64_t) { return service[0]; });
  CHECK(alone.counts().dropped > 10'000);
  const std::array<worst_case_estimate, 3> estimates{{{service[0]}, {service[1]}, {service[2]}}};
  waiting_line line(50 * ms, levels(estimates));
  simulate(line, 50'000, arrivals, [&](std::uint64_t) { return service[line.estimate().level()]; });
  CHECK(line.counts().late == 0);
  // Three close arrivals in a row while the accurate level is at work: nobody knew when it was chosen.
  CHECK(line.counts().dropped < 50);
  CHECK(line.counts().answered + line.counts().dropped == 50'000);
  for (const std::uint64_t n : line.estimate().taken()) CHECK(n > 0);
}
