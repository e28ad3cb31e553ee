// SPDX-License-Identifier: MIT
// average_pool2d: mean over a window.
#pragma once

#include "pool2d.hpp"

namespace flexdnn {

/// y[c,r,q] = (1/k^2) sum_{u,v} x[c, s r + u - p, s q + v - p]; padding counts as zero, as PyTorch's default;
/// with count_padding<false> the mean is over the pixels of the input alone (TensorFlow's SAME).
/// Options: kernel (1), stride (kernel), padding (0, at most half the kernel) or same_padding, ceil_mode,
/// count_padding (true). Shape {C, (H+2p-k)/s + 1, ...}, rounded up with ceil_mode.
template <class... Options>
struct average_pool2d : detail::pool2d<Options...> {
  static constexpr std::string_view type_name = "average_pool2d";

  static void run(shape in, const float* x, const float*, float* y, float*) noexcept {
    average_pool(detail::pool2d<Options...>::geometry_of(in), x, y);
  }

  static void run_rows(shape in, range rows, const float* x, const float*, float* y, float*) noexcept {
    const part<pooling> p = rows_of(detail::pool2d<Options...>::geometry_of(in), rows);
    if (rows.size() > 0) average_pool(p.geometry, x + p.in, y + p.out);
  }
};

}  // namespace flexdnn
