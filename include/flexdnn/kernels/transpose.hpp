// SPDX-License-Identifier: MIT
// transpose: between channels last, the order of our maps, and channels first, the order of PyTorch's.
#pragma once

#include <cstddef>

#include "../core/shape.hpp"

namespace flexdnn {

namespace detail {

/// out[j,i] = in[i,j] for a rows x columns matrix.
inline void transpose(int rows, int columns, const float* in, float* out) noexcept {
  for (int i = 0; i < rows; ++i, in += columns) {
    for (int j = 0; j < columns; ++j) out[static_cast<std::ptrdiff_t>(j) * rows + i] = in[j];
  }
}

}  // namespace detail

/// out[c,h,w] = in[h,w,c]; the order in which PyTorch flattens. No overlap.
inline void to_channels_first(const shape& s, const float* in, float* out) noexcept {
  detail::transpose(s.pixels(), s.channels, in, out);
}

/// out[h,w,c] = in[c,h,w]. No overlap.
inline void to_channels_last(const shape& s, const float* in, float* out) noexcept {
  detail::transpose(s.channels, s.pixels(), in, out);
}

}  // namespace flexdnn
