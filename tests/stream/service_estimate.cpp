// SPDX-License-Identifier: MIT
// service_estimate: each estimate against what it says it is, computed anew from all that was observed.
#include <flexdnn/stream/service_estimate.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <random>
#include <vector>

using namespace flexdnn;

TEST_CASE("before anything was observed: what was given") {
  CHECK(worst_case_estimate{7}.expected() == 7);
  CHECK(mean_estimate(7).expected() == 7);
  CHECK(quantile_estimate(0.9, 7).expected() == 7);
}

TEST_CASE("longest, mean and quantile of what was observed") {
  std::mt19937 random(2);
  worst_case_estimate worst{};
  mean_estimate mean(0, 1000);
  quantile_estimate high(0.9), middle(0.5), all(1.0);
  std::vector<std::int64_t> seen;
  double sum = 0.0;
  for (int i = 0; i < 300; ++i) {
    seen.push_back(1000 + static_cast<std::int64_t>(random() % 100'000));
    sum += static_cast<double>(seen.back());
    worst.observe(seen.back());
    mean.observe(seen.back());
    for (quantile_estimate* const e : {&high, &middle, &all}) e->observe(seen.back());
    CHECK(worst.expected() == *std::ranges::max_element(seen));
    CHECK(std::abs(static_cast<double>(mean.expected()) - sum / static_cast<double>(seen.size())) < 1.5);
    std::vector<std::int64_t> last(seen.end() - std::min<std::ptrdiff_t>(64, std::ssize(seen)), seen.end());
    std::ranges::sort(last);
    const auto rank = [&](double q) {
      return last[static_cast<std::size_t>(std::ceil(q * static_cast<double>(last.size()))) - 1];
    };
    CHECK(high.expected() == rank(0.9));
    CHECK(middle.expected() == rank(0.5));
    CHECK(all.expected() == last.back());
  }
}

TEST_CASE("a mean forgets") {
  mean_estimate mean(0, 8);
  for (int i = 0; i < 100; ++i) mean.observe(1'000'000);
  for (int i = 0; i < 60; ++i) mean.observe(2'000'000);
  CHECK(mean.expected() > 1'999'000);
}

namespace {

/// Frames begun of `frames` offered that take `takes` each, where no more than `tolerated` is admitted.
template <class Estimate>
int begun(Estimate& e, int frames, std::int64_t takes, std::int64_t tolerated) {
  int count = 0;
  for (int i = 0; i < frames; ++i) {
    if (e.expected() > tolerated) {
      e.refused();
    } else {
      e.observe(takes), ++count;
    }
  }
  return count;
}

template <class Estimate>
void recovers(Estimate e) {
  // A first frame of ten times what is tolerated, then ordinary ones.
  e.observe(1000);
  CHECK(begun(e, 1000, 60, 100) > 900);
  // Some minutes in which everything takes long, then ordinary ones again.
  CHECK(begun(e, 10'000, 150, 100) < 100);
  CHECK(begun(e, 10'000, 60, 100) > 5000);
  CHECK(begun(e, 1000, 60, 100) == 1000);
  // For good too slow: hardly one is tried.
  begun(e, 10'000, 150, 100);
  CHECK(begun(e, 100'000, 150, 100) < 30);
}

}  // namespace

TEST_CASE("what refuses all frames is doubted, ever more seldom") {
  recovers(mean_estimate());
  recovers(mean_estimate(0, 8));
  for (const double q : {0.5, 0.9, 1.0}) recovers(quantile_estimate(q));
}
