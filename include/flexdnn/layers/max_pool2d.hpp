// SPDX-License-Identifier: MIT
// max_pool2d: maximum over a window.
#pragma once

#include "pool2d.hpp"

namespace flexdnn {

/// y[c,r,q] = max_{u,v} x[c, s r + u - p, s q + v - p]; padding never wins, NaN always does.
/// Options: kernel (1), stride (kernel), padding (0, at most half the kernel) or same_padding, ceil_mode.
/// Shape {C, (H+2p-k)/s + 1, ...}, rounded up with ceil_mode.
template <class... Options>
struct max_pool2d : detail::pool2d<Options...> {
  static constexpr std::string_view type_name = "max_pool2d";

  static constexpr mistake examine(shape in) {
    if (!max_pool2d::options.count_padding) return {mistake_kind::unknown_option, -1, in, in};
    return detail::pool2d<Options...>::examine(in);
  }

  static void run(shape in, const float* x, const float*, float* y, float*) noexcept {
    max_pool(detail::pool2d<Options...>::geometry_of(in), x, y);
  }

  static void run_rows(shape in, range rows, const float* x, const float*, float* y, float*) noexcept {
    const part<pooling> p = rows_of(detail::pool2d<Options...>::geometry_of(in), rows);
    if (rows.size() > 0) max_pool(p.geometry, x + p.in, y + p.out);
  }
};

}  // namespace flexdnn
