// SPDX-License-Identifier: MIT
// latency_histogram: its quantiles are those of the sorted values, at most 1/64 above.
#include <flexdnn/stream/latency_histogram.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <random>
#include <vector>

using namespace flexdnn;

TEST_CASE("quantiles of durations over nine powers of ten") {
  std::mt19937_64 random(11);
  for (const std::size_t count : {std::size_t{1}, std::size_t{2}, std::size_t{100}, std::size_t{4001}}) {
    const auto h = std::make_unique<latency_histogram>();
    std::vector<std::int64_t> all;
    for (std::size_t i = 0; i < count; ++i) {
      const double power = std::uniform_real_distribution<>(0.0, 9.5)(random);
      all.push_back(static_cast<std::int64_t>(std::pow(10.0, power)));
      h->record(all.back());
    }
    std::ranges::sort(all);
    CHECK(h->count() == count);
    for (const double q : {0.0, 0.01, 0.5, 0.9, 0.99, 0.999, 1.0}) {
      const auto rank = std::max(std::ceil(q * static_cast<double>(count)), 1.0);
      const std::int64_t exact = all[static_cast<std::size_t>(rank) - 1];
      CHECK(h->quantile(q) >= exact);
      CHECK(h->quantile(q) <= exact + exact / 64);
    }
    CHECK(h->quantile(1.0) == all.back());
  }
}

TEST_CASE("nothing recorded, less than nothing, and more than a century") {
  const auto h = std::make_unique<latency_histogram>();
  CHECK(h->quantile(0.5) == 0);
  h->record(-5);
  CHECK(h->quantile(0.5) == 0);
  h->record(std::numeric_limits<std::int64_t>::max());
  CHECK(h->quantile(1.0) == std::numeric_limits<std::int64_t>::max());
  CHECK(h->count() == 2);
}
