// SPDX-License-Identifier: MIT
// waiting_line: admission to the nanosecond, order, and that every frame is accounted for.
#include <flexdnn/stream/waiting_line.hpp>

#include <doctest/doctest.h>

#include <deque>
#include <random>

using namespace flexdnn;

TEST_CASE("a frame is admitted where it would be answered exactly in time, and no later") {
  waiting_line line(100, worst_case_estimate{40});
  CHECK(line.arrive(0));
  CHECK(line.begin(0) == 0);
  CHECK(line.arrive(0));         // answered at 80
  CHECK_FALSE(line.arrive(19));  // would be at 120, wanted by 119
  CHECK(line.arrive(20));
  CHECK_FALSE(line.arrive(20));
  line.end(40);
  CHECK(line.begin(40) == 0);
  line.end(101);  // the worst so far: 61, and late
  CHECK(line.estimate().expected() == 61);
  CHECK(line.begin(101) == 20);
  line.end(120);
  CHECK(line.counts().answered == 2);
  CHECK(line.counts().late == 1);
  CHECK(line.counts().dropped == 2);
  CHECK(line.busy_time() == 40 + 61 + 19);
}

TEST_CASE("whatever happens: arrived = answered + late + dropped + waiting + served, first in first out") {
  std::mt19937 random(17);
  waiting_line<quantile_estimate, 5> line(3000, quantile_estimate(0.8, 500));
  std::deque<std::int64_t> waiting;
  std::int64_t now = 0;
  for (int i = 0; i < 20'000; ++i) {
    now += static_cast<std::int64_t>(random() % 700);
    if (random() % 2 == 0) {
      if (line.arrive(now)) waiting.push_back(now);
    } else if (line.busy()) {
      line.end(now);
    } else if (line.waiting() > 0) {
      CHECK(line.begin(now) == waiting.front());
      waiting.pop_front();
    }
    const stream_counts& c = line.counts();
    CHECK(line.waiting() == waiting.size());
    CHECK(line.waiting() <= 5);
    CHECK(c.arrived == c.answered + c.late + c.dropped + line.waiting() + (line.busy() ? 1 : 0));
    CHECK(line.latencies().count() == c.answered + c.late);
  }
  CHECK(line.counts().answered > 1000);
  CHECK(line.counts().late > 100);
  CHECK(line.counts().dropped > 1000);
}
