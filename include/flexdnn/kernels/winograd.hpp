// SPDX-License-Identifier: MIT
// winograd: what the kernels of F(m,3) x F(m,3) share: where a tile lies.
#pragma once

#include <algorithm>

#include "convolution.hpp"
#include "toom_cook.hpp"
#include "window.hpp"

namespace flexdnn::detail {

/// Where a tile lies: its first output, and which of its inputs and outputs exist.
struct tile_place {
  int row, column;            ///< of its first output
  window rows, columns;       ///< of its input patch, inside the input
  int out_rows, out_columns;  ///< that lie inside the output

  template <class F>
  static tile_place of(const convolution& c, F, int number) noexcept {
    const int across = (c.out.width + F::outputs - 1) / F::outputs;
    const int row = number / across * F::outputs, column = number % across * F::outputs;
    return {row,
            column,
            clip(row - c.padding_h, F::points, 1, c.in.height),
            clip(column - c.padding_w, F::points, 1, c.in.width),
            std::min(F::outputs, c.out.height - row),
            std::min(F::outputs, c.out.width - column)};
  }
};

}  // namespace flexdnn::detail
