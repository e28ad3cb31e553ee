// SPDX-License-Identifier: MIT
// random_generator: seeded random numbers that are the same on every compiler, library and processor.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

namespace flexdnn {

/// PCG32, XSH-RR variant (O'Neill 2014): 16 bytes, period 2^64, one sequence per (seed, stream).
/// The standard library's distributions are not used: they differ between implementations.
class random_generator {
 public:
  explicit constexpr random_generator(std::uint64_t seed, std::uint64_t stream = 0)
      : increment_{(stream << 1U) | 1U} {
    next();
    state_ += seed;
    next();
  }

  /// 32 random bits.
  constexpr std::uint32_t next() {
    const std::uint64_t old = state_;
    state_ = old * 6364136223846793005U + increment_;
    const auto mixed = static_cast<std::uint32_t>(((old >> 18U) ^ old) >> 27U);
    return std::rotr(mixed, static_cast<int>(old >> 59U));
  }

  /// Uniform in [0, 1), a multiple of 2^-32. Exact, so that no compiler's contraction into FMA changes a bit.
  constexpr double uniform() { return static_cast<double>(next()) * 0x1p-32; }

  /// Uniform in [0, end), end > 0, without bias (Lemire 2019).
  constexpr std::uint32_t below(std::uint32_t end) {
    const std::uint32_t reject = (0U - end) % end;
    for (;;) {
      const std::uint64_t product = std::uint64_t{next()} * end;
      if (static_cast<std::uint32_t>(product) >= reject) return static_cast<std::uint32_t>(product >> 32U);
    }
  }

  /// Standard normal. Accepts an exponential x against exp(-(x - 1)^2 / 2) (Kahn), both by von Neumann's
  /// comparisons: Box-Muller would need log and cos, whose last bits differ between C libraries.
  constexpr double normal() {
    for (;;) {
      const double x = exponential();
      const double above = x - 1.0;
      if (exponential() < above * above * 0.5) continue;
      return (next() & 1U) != 0 ? x : -x;
    }
  }

  /// Puts the values into a random order (Fisher and Yates). At most 2^32 - 1 values.
  template <class T>
  constexpr void shuffle(std::span<T> values) {
    for (std::size_t left = values.size(); left > 1; --left) {
      std::swap(values[left - 1], values[below(static_cast<std::uint32_t>(left))]);
    }
  }

 private:
  /// Exponential of mean 1 (von Neumann 1951): where a run of falling uniforms has odd length, its first one
  /// is the fraction; each run of even length adds 1.
  constexpr double exponential() {
    for (double whole = 0.0;; whole += 1.0) {
      const std::uint32_t first = next();
      std::uint32_t last = first;
      bool odd = true;
      for (std::uint32_t draw = next(); draw < last; draw = next()) {
        last = draw;
        odd = !odd;
      }
      if (odd) return whole + static_cast<double>(first) * 0x1p-32;
    }
  }

  std::uint64_t state_ = 0;
  std::uint64_t increment_;
};

}  // namespace flexdnn
