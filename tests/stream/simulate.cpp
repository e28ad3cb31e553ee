// SPDX-License-Identifier: MIT
// simulate: the drops of the paper's backbones to 0.1 point; every frame is accounted for.
#include <flexdnn/stream/simulate.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <memory>
#include <numeric>
#include <vector>

using namespace flexdnn;

namespace {

constexpr double ns_per_ms = 1e6;

/// Percent dropped of a fixed service time.
double dropped(double service_ms, double fps, double tolerated_ms) {
  const auto service = static_cast<std::int64_t>(service_ms * ns_per_ms);
  waiting_line line(static_cast<std::int64_t>(tolerated_ms * ns_per_ms), worst_case_estimate{service});
  constexpr std::uint64_t frames = 100'000;
  simulate(
      line, frames, [&](std::uint64_t k) { return std::llround(static_cast<double>(k) * 1e9 / fps); },
      [&](std::uint64_t) { return service; });
  const stream_counts& c = line.counts();
  CHECK(c.arrived == frames);
  CHECK(c.answered + c.late + c.dropped == frames);
  CHECK(c.late == 0);
  CHECK(line.latencies().count() == c.answered);
  return 100.0 * static_cast<double>(c.dropped) / static_cast<double>(c.arrived);
}

}  // namespace

TEST_CASE("of a crowd longer than any ring each frame is served once, in its order") {
  using line_type = waiting_line<worst_case_estimate, 3000>;
  const auto line = std::make_unique<line_type>(std::int64_t{1} << 40, worst_case_estimate{1000});
  std::vector<std::uint64_t> served;
  simulate(
      *line, 5000, [](std::uint64_t) { return 0; },
      [&](std::uint64_t k) {
        served.push_back(k);
        return 1000;
      });
  CHECK(line->counts().answered == served.size());
  CHECK(line->counts().dropped == 5000 - 3001);
  std::vector<std::uint64_t> wanted(3001);
  std::iota(wanted.begin(), wanted.end(), 0);
  CHECK(served == wanted);
}

TEST_CASE("the paper's backbones drop what a single first-in first-out server must") {
  CHECK(std::abs(dropped(965, 2, 2000) - 48.2) < 0.1);
  CHECK(std::abs(dropped(400, 10, 1000) - 75.0) < 0.1);
  for (const double service : {43.0, 45.0, 47.0}) CHECK(std::abs(dropped(service, 30, 50) - 50.0) < 0.1);
  const double fps[] = {22, 24, 26, 28, 30}, percent[] = {0, 14.3, 33.3, 50, 50};
  for (int i = 0; i < 5; ++i) CHECK(std::abs(dropped(43, fps[i], 50) - percent[i]) < 0.1);
  CHECK(dropped(43, 30, 40) == 100.0);
}
