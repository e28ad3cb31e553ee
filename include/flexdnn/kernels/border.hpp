// SPDX-License-Identifier: MIT
// border: the zero-bordered copy of a band of input rows, so that inner loops need no bounds.
#pragma once

#include <algorithm>
#include <cstddef>

#include "convolution.hpp"

namespace flexdnn::detail {

/// Copies what `rows` output rows from `first` on read of `in` to `band`, whose rows are
/// bordered_width pixels; pixels outside the input are 0. At most scratch_size(c) numbers.
template <class T>
void copy_bordered(const convolution& c, const T* in, int first, int rows, T* band) noexcept {
  const std::ptrdiff_t left = static_cast<std::ptrdiff_t>(c.padding_w) * c.in.channels;
  const std::ptrdiff_t right = static_cast<std::ptrdiff_t>(c.border_right()) * c.in.channels;
  const std::ptrdiff_t inner = static_cast<std::ptrdiff_t>(c.in.width) * c.in.channels;
  const int begin = first * c.stride_h - c.padding_h;
  const int end = begin + (rows - 1) * c.stride_h + c.reach_h();
  for (int row = begin; row < end; ++row) {
    if (row < 0 || row >= c.in.height) {
      band = std::fill_n(band, left + inner + right, T{0});
    } else {
      band = std::fill_n(band, left, T{0});
      band = std::copy_n(in + row * inner, inner, band);
      band = std::fill_n(band, right, T{0});
    }
  }
}

}  // namespace flexdnn::detail
