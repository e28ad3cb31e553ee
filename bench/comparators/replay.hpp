// SPDX-License-Identifier: MIT
// replay: what the systems share: frames run one by one, and who is charged for what.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <span>
#include <utility>

#include "systems.hpp"

namespace comparators {

/// Where a frame leaves.
[[nodiscard]] inline std::size_t leaves_at(const variant_trace& v, std::size_t frame,
                                           std::span<const float> thresholds) {
  std::size_t e = 0;
  while (e + 1 < v.exits.size() && !(v.confidences[e][frame] > thresholds[e])) ++e;
  return e;
}

/// Numbers of a system's variants, by the seconds they take.
[[nodiscard]] inline std::vector<std::size_t> cheapest_first(const stream_trace& t,
                                                             const std::string& system) {
  std::vector<std::size_t> all;
  for (std::size_t v = 0; v < t.variants.size(); ++v) {
    if (t.variants[v].system == system) all.push_back(v);
  }
  std::ranges::sort(all, {}, [&](std::size_t v) { return t.variants[v].exits.back().seconds; });
  return all;
}

class player {
 public:
  player(std::string system, std::string setting, const stream_trace& t) {
    p_.system = std::move(system), p_.setting = std::move(setting);
    p_.labels.resize(t.frames());
    p_.seconds.resize(t.frames());
    p_.macs.resize(t.frames());
  }

  /// Frame i is answered by an exit of a variant; by default its last.
  void run(const variant_trace& v, std::size_t i,
           std::size_t exit = std::numeric_limits<std::size_t>::max()) {
    exit = std::min(exit, v.exits.size() - 1);
    p_.labels[i] = v.labels[exit][i];
    spend(v, i, exit);
  }
  /// Frame i gets a label from elsewhere.
  void answer(std::size_t i, int label) { p_.labels[i] = label; }
  /// A variant runs on frame i, beside what answers it.
  void spend(const variant_trace& v, std::size_t i, std::size_t exit) {
    p_.seconds[i] += v.exits[exit].seconds;
    p_.macs[i] += static_cast<double>(v.exits[exit].macs);
  }
  /// Before frame i a variant is loaded.
  void load(const variant_trace& v, std::size_t i) {
    p_.seconds[i] += v.allocate_seconds + v.load_seconds;
    ++p_.loads;
  }

  [[nodiscard]] played done(std::size_t bytes) {
    p_.bytes = bytes;
    return std::move(p_);
  }

 private:
  played p_;
};

/// Least squares with a little ridge.
template <std::size_t N>
class normal_equations {
 public:
  void add(const std::array<double, N>& x, double y) {
    for (std::size_t r = 0; r < N; ++r) {
      for (std::size_t c = 0; c < N; ++c) sums_[r][c] += x[r] * x[c];
      sums_[r][N] += x[r] * y;
    }
  }
  [[nodiscard]] std::array<double, N> solve() const {
    auto m = sums_;
    for (std::size_t r = 0; r < N; ++r) m[r][r] += 1e-3;
    for (std::size_t p = 0; p < N; ++p) {  // positive definite: needs no pivoting
      for (std::size_t r = 0; r < N; ++r) {
        const double factor = r == p ? 0.0 : m[r][p] / m[p][p];
        for (std::size_t c = p; c <= N; ++c) m[r][c] -= factor * m[p][c];
      }
    }
    std::array<double, N> x;
    for (std::size_t r = 0; r < N; ++r) x[r] = m[r][N] / m[r][r];
    return x;
  }

 private:
  std::array<std::array<double, N + 1>, N> sums_{};
};

}  // namespace comparators
