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
/// Optional: refused(), called where a frame was not begun for it would take too long. What is never begun is
/// never observed, so that one hiccup could end a stream for ever: such an estimate comes down again.
template <class E>
concept service_estimate = requires(E& e, const E& c, std::int64_t ns) {
  { e.observe(ns) }
  noexcept;
  { c.expected() }
  noexcept->std::same_as<std::int64_t>;
};

/// The longest so far: admits what cannot be late, as long as nothing takes longer than ever before. Where
/// one frame did by far, nothing is admitted any more: for fixed times, and simulations.
struct worst_case_estimate {
  std::int64_t first = 0;

  void observe(std::int64_t ns) noexcept { first = std::max(first, ns); }
  [[nodiscard]] std::int64_t expected() const noexcept { return first; }
};

namespace detail {

/// When to doubt: after 16 frames refused, and after twice as many each time that a frame begun in doubt took
/// longer than expected. A server that is too slow for good tries one frame in 4,096.
class refusals {
 public:
  [[nodiscard]] bool too_many() noexcept {
    if (++in_a_row_ < patience_) return false;
    in_a_row_ = 0;
    return doubting_ = true;
  }
  void begun(bool as_expected) noexcept {
    in_a_row_ = 0;
    if (as_expected) {
      patience_ = least;
    } else if (doubting_) {
      patience_ = std::min(2 * patience_, most);
    }
    doubting_ = false;
  }

 private:
  static constexpr int least = 16, most = 4096;
  int in_a_row_ = 0, patience_ = least;
  bool doubting_ = false;
};

}  // namespace detail

/// The mean of the first `memory` frames, then older ones count ever less. Where it refuses too often, it
/// halves and begins anew.
class mean_estimate {
 public:
  constexpr explicit mean_estimate(std::int64_t first = 0, int memory = 64)
      : memory_(memory), mean_(static_cast<double>(first)) {}

  void observe(std::int64_t ns) noexcept {
    refusals_.begun(ns <= expected());
    if (seen_ < memory_) ++seen_;
    mean_ += (static_cast<double>(ns) - mean_) / seen_;
  }
  void refused() noexcept {
    if (refusals_.too_many()) mean_ *= 0.5, seen_ = 0;
  }
  [[nodiscard]] std::int64_t expected() const noexcept { return static_cast<std::int64_t>(mean_); }

 private:
  int memory_, seen_ = 0;
  double mean_;
  detail::refusals refusals_;
};

/// The ceil(q n)-th smallest of the last n frames, at most 64. q: above 0, at most 1. Where it refuses too
/// often, it halves and begins anew.
class quantile_estimate {
 public:
  constexpr explicit quantile_estimate(double q = 0.9, std::int64_t first = 0) : q_(q), expected_(first) {}

  void observe(std::int64_t ns) noexcept {
    refusals_.begun(ns <= expected_);
    if (seen_ == last_.size()) std::shift_left(last_.begin(), last_.end(), 1), --seen_;
    last_[seen_++] = ns;
    std::array<std::int64_t, 64> sorted = last_;
    const auto wanted = static_cast<std::size_t>(std::ceil(q_ * static_cast<double>(seen_)));
    const auto at =
        sorted.begin() + static_cast<std::ptrdiff_t>(std::clamp<std::size_t>(wanted, 1, seen_)) - 1;
    std::nth_element(sorted.begin(), at, sorted.begin() + static_cast<std::ptrdiff_t>(seen_));
    expected_ = *at;
  }
  void refused() noexcept {
    if (refusals_.too_many()) expected_ /= 2, seen_ = 0;
  }
  [[nodiscard]] std::int64_t expected() const noexcept { return expected_; }

 private:
  std::array<std::int64_t, 64> last_{};  ///< oldest first
  std::size_t seen_ = 0;
  double q_;
  std::int64_t expected_;
  detail::refusals refusals_;
};

}  // namespace flexdnn
