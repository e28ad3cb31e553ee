// SPDX-License-Identifier: MIT
// latency_histogram: quantiles of many durations in fixed memory.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace flexdnn {

/// Buckets are exact up to 64 ns and then 1/64 of their value wide, so that a quantile is at most 1.6 % above
/// what was recorded; from 0 to 2^63 ns. Nothing is allocated.
class latency_histogram {
 public:
  void record(std::int64_t nanoseconds) noexcept {
    const auto ns = static_cast<std::uint64_t>(nanoseconds < 0 ? 0 : nanoseconds);
    ++counts_[bucket_of(ns)];
    ++count_;
    if (ns > largest_) largest_ = ns;
  }

  [[nodiscard]] std::uint64_t count() const noexcept { return count_; }

  /// The upper end of the bucket of the ceil(q count)-th smallest, q from 0 to 1, but no more than the
  /// largest; 0 of none.
  [[nodiscard]] std::int64_t quantile(double q) const noexcept {
    if (count_ == 0) return 0;
    const double wanted = q * static_cast<double>(count_);
    double seen = 0.0;
    for (std::size_t b = 0; b < counts_.size(); ++b) {
      seen += static_cast<double>(counts_[b]);
      if (counts_[b] == 0 || seen < wanted) continue;
      const std::uint64_t end = end_of(b);
      return static_cast<std::int64_t>(end < largest_ ? end : largest_);
    }
    return static_cast<std::int64_t>(largest_);
  }

 private:
  static constexpr int fine = 6;  // a bucket for each of 2^6 steps between two powers of two
  static constexpr std::size_t steps = std::size_t{1} << fine;

  static std::size_t bucket_of(std::uint64_t ns) noexcept {
    if (ns < steps) return static_cast<std::size_t>(ns);
    const int power = static_cast<int>(std::bit_width(ns)) - 1 - fine;  // of the bucket's width
    return static_cast<std::size_t>(power + 1) * steps + (static_cast<std::size_t>(ns >> power) - steps);
  }
  static std::uint64_t end_of(std::size_t bucket) noexcept {
    if (bucket < steps) return bucket;
    const auto power = bucket / steps - 1;
    return ((bucket % steps + steps + 1) << power) - 1;
  }

  std::array<std::uint32_t, (64 - fine) * steps> counts_{};
  std::uint64_t count_ = 0, largest_ = 0;
};

}  // namespace flexdnn
