// SPDX-License-Identifier: MIT
// service_estimate: how long the next frame will take, from those before it.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>

namespace flexdnn {

/// Times in nanoseconds. Estimates begin with `first`, what is expected before anything was observed.
template <class E>
concept service_estimate = requires(E& e, const E& c, std::int64_t ns) {
  { e.observe(ns) }
  noexcept;
  { c.expected() }
  noexcept->std::same_as<std::int64_t>;
};

/// The longest so far: admits what cannot be late, as long as nothing takes longer than ever before.
struct worst_case_estimate {
  std::int64_t first = 0;

  void observe(std::int64_t ns) noexcept { first = std::max(first, ns); }
  [[nodiscard]] std::int64_t expected() const noexcept { return first; }
};

/// The mean of the first `memory` frames, then older ones count ever less.
class mean_estimate {
 public:
  constexpr explicit mean_estimate(std::int64_t first = 0, int memory = 64)
      : memory_(memory), mean_(static_cast<double>(first)) {}

  void observe(std::int64_t ns) noexcept {
    if (seen_ < memory_) ++seen_;
    mean_ += (static_cast<double>(ns) - mean_) / seen_;
  }
  [[nodiscard]] std::int64_t expected() const noexcept { return static_cast<std::int64_t>(mean_); }

 private:
  int memory_, seen_ = 0;
  double mean_;
};

/// The ceil(q n)-th smallest of the last n frames, at most 64. q: above 0, at most 1.
class quantile_estimate {
 public:
  constexpr explicit quantile_estimate(double q = 0.9, std::int64_t first = 0) : q_(q), expected_(first) {}

  void observe(std::int64_t ns) noexcept {
    last_[next_] = ns;
    next_ = (next_ + 1) % last_.size();
    seen_ = std::min(seen_ + 1, last_.size());
    std::array<std::int64_t, 64> sorted = last_;
    const auto wanted = static_cast<std::size_t>(std::ceil(q_ * static_cast<double>(seen_)));
    const auto at =
        sorted.begin() + static_cast<std::ptrdiff_t>(std::clamp<std::size_t>(wanted, 1, seen_)) - 1;
    std::nth_element(sorted.begin(), at, sorted.begin() + static_cast<std::ptrdiff_t>(seen_));
    expected_ = *at;
  }
  [[nodiscard]] std::int64_t expected() const noexcept { return expected_; }

 private:
  std::array<std::int64_t, 64> last_{};
  std::size_t next_ = 0, seen_ = 0;
  double q_;
  std::int64_t expected_;
};

}  // namespace flexdnn
