// SPDX-License-Identifier: MIT
// thresholds: one confidence for each exit but the last; a wrong number does not compile.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>

#include "../core/diagnosis.hpp"

namespace flexdnn {

/// thresholds{0.8F, 0.7F} for a network with three exits: a frame leaves at exit k iff its confidence is
/// above value k. A value of 1 or more keeps every frame in: no confidence exceeds 1.
template <int Count>
struct thresholds {
  std::array<float, static_cast<std::size_t>(Count)> values;

  template <std::convertible_to<float>... Values>
  requires(sizeof...(Values) == Count) constexpr explicit thresholds(Values... each)
      : values{static_cast<float>(each)...} {}

  constexpr explicit thresholds(const std::array<float, static_cast<std::size_t>(Count)>& all)
      : values(all) {}
};

template <class... Values>
thresholds(Values...) -> thresholds<static_cast<int>(sizeof...(Values))>;
template <std::size_t Count>
thresholds(std::array<float, Count>) -> thresholds<static_cast<int>(Count)>;

}  // namespace flexdnn
