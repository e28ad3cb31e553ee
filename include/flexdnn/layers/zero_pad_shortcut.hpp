// SPDX-License-Identifier: MIT
// zero_pad_shortcut: the parameter-free shortcut of CIFAR ResNets (He et al. 2016, option A).
#pragma once

#include "../core/layer.hpp"

namespace flexdnn {

/// Takes every Stride-th pixel and centres the channels among Out, the others zero:
/// y[c,r,q] = x[c - (Out - C)/2, s r, s q] where that channel exists, else 0. Shape {Out, ceil(H/s),
/// ceil(W/s)}.
template <int Out, int Stride>
struct zero_pad_shortcut {
  static constexpr std::string_view type_name = "zero_pad_shortcut";
  static constexpr layer_role role = layer_role::general;

  static constexpr shape output(shape in) {
    return {Out, (in.height + Stride - 1) / Stride, (in.width + Stride - 1) / Stride};
  }

  static constexpr mistake examine(shape in) {
    if (Stride < 1) return {mistake_kind::bad_option, -1, in, in};
    if (Out < in.channels) return {mistake_kind::input_refused, -1, in, {Out, in.height, in.width}};
    return {};
  }

  static void run(shape in, const float* x, const float*, float* y, float*) noexcept {
    const shape out = output(in);
    const int before = (Out - in.channels) / 2;
    for (int r = 0; r < out.height; ++r) {
      for (int c = 0; c < out.width; ++c, y += Out) {
        const float* pixel =
            x + (static_cast<std::ptrdiff_t>(r) * Stride * in.width + c * Stride) * in.channels;
        for (int i = 0; i < Out; ++i)
          y[i] = i < before || i >= before + in.channels ? 0.0F : pixel[i - before];
      }
    }
  }
};

}  // namespace flexdnn
