// SPDX-License-Identifier: MIT
// What max_pool2d and average_pool2d share: options, extents and their examination.
#pragma once

#include "../core/layer.hpp"
#include "../core/options.hpp"
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
    if (!options.in_range() || 2 * options.padding_h > options.kernel_h ||
        2 * options.padding_w > options.kernel_w) {
      return {bad_option, -1, in, in};
    }
    const shape least{in.channels, options.kernel_h - 2 * options.padding_h,
                      options.kernel_w - 2 * options.padding_w};
    if (in.height < least.height || in.width < least.width) return {kernel_exceeds_input, -1, in, least};
    return {};
  }

  static constexpr pooling geometry_of(shape in) {
    return {.in = in,
            .out = output(in),
            .kernel_h = options.kernel_h,
            .kernel_w = options.kernel_w,
            .stride_h = options.stride_h,
            .stride_w = options.stride_w,
            .padding_h = options.padding_h,
            .padding_w = options.padding_w};
  }
};

}  // namespace flexdnn::detail
