// SPDX-License-Identifier: MIT
// What max_pool2d and average_pool2d share: options, extents and their examination.
#pragma once

#include "../core/layer.hpp"
#include "../core/options.hpp"
#include "../kernels/part.hpp"
#include "../kernels/pool.hpp"

namespace flexdnn::detail {

template <class... Options>
struct pool2d {
  static constexpr layer_role role = layer_role::general;
  static constexpr window_options options = [] {
    window_options w = read_options<Options...>();
    if (w.stride_h < 0) w.stride_h = w.kernel_h, w.stride_w = w.kernel_w;
    if (w.padding_h < 0) w.padding_h = w.padding_w = 0;
    return w;
  }();

  static constexpr shape output(shape in) {
    return {in.channels, options.output_h(in.height), options.output_w(in.width)};
  }

  static constexpr mistake examine(shape in) {
    using enum mistake_kind;
    if (options.unknown || options.groups != 1 || options.dilation_h != 1 || options.dilation_w != 1 ||
        !options.bias) {
      return {unknown_option, -1, in, in};
    }
    // PyTorch's rule: more padding than half the kernel would give windows of padding alone.
    const auto half = [](int padding, int kernel) { return 2 * padding <= kernel; };
    if (!options.in_range() || !half(options.padding_h, options.kernel_h) ||
        !half(options.padding_w, options.kernel_w) || !half(options.padding_bottom, options.kernel_h) ||
        !half(options.padding_right, options.kernel_w)) {
      return {bad_option, -1, in, in};
    }
    return options.fits(in) ? mistake{} : mistake{kernel_exceeds_input, -1, in, options.least(in)};
  }

  static constexpr pooling geometry_of(shape in) {
    return {.in = in,
            .out = output(in),
            .kernel_h = options.kernel_h,
            .kernel_w = options.kernel_w,
            .stride_h = options.stride_h,
            .stride_w = options.stride_w,
            .padding_h = options.rows(in.height).before,
            .padding_w = options.columns(in.width).before,
            .beyond_h = options.rows(in.height).beyond,
            .beyond_w = options.columns(in.width).beyond,
            .count_padding = options.count_padding};
  }
};

}  // namespace flexdnn::detail
