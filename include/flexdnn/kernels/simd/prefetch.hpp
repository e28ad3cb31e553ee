// SPDX-License-Identifier: MIT
// simd/prefetch: inputs that come from beyond L2 are asked for before they are read.
#pragma once

#include <cstddef>

#include "../../core/shape.hpp"

namespace flexdnn::detail {

/// Whether a map does not stay in an L2 of 512 KB beside what else is read. 1024 x 14 x 14, 800 KB, gains
/// nothing yet; 512 x 28 x 28 3 %, 256 x 56 x 56 10.
[[nodiscard]] constexpr bool beyond_l2(const shape& map) { return map.size() > 100'000; }

/// Asks for `floats` floats to come into L2.
inline void prefetch(const float* from, std::ptrdiff_t floats) noexcept {
  constexpr std::ptrdiff_t line = 16;
  for (std::ptrdiff_t i = 0; i < floats; i += line) __builtin_prefetch(from + i, 0, 2);
}

}  // namespace flexdnn::detail
