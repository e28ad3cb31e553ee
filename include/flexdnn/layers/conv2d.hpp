// SPDX-License-Identifier: MIT
// conv2d: two-dimensional convolution (cross-correlation, as PyTorch's Conv2d).
#pragma once

#include "../core/layer.hpp"
#include "../core/options.hpp"
#include "../kernels/convolution.hpp"

namespace flexdnn {

/// y[o,r,c] = b[o] + sum_{i,u,v} w[o,i,u,v] x[i, s r + d u - p, s c + d v - p]
/// over the C/groups channels of o's group. Shape {Out, (H + 2p - d(k-1) - 1)/s + 1, ...}.
/// Options: kernel (1), stride (1), padding or same_padding, dilation (1), groups (1), bias (true).
/// Padding defaults to d(k-1)/2, which keeps the extents at stride 1; PyTorch's default is padding<0>.
/// Cost: Out*H'*W' * C/groups*k*k MACs; Out*C/groups*k*k + Out parameters.
template <int Out, class... Options>
struct conv2d {
  static constexpr std::string_view type_name = "conv2d";
  static constexpr layer_role role = layer_role::linear;
  static constexpr window_options options = [] {
    window_options w = read_options<Options...>();
    if (w.stride_h < 0) w.stride_h = w.stride_w = 1;
    if (w.padding_h < 0) {
      w.padding_h = w.dilation_h * (w.kernel_h - 1) / 2;
      w.padding_w = w.dilation_w * (w.kernel_w - 1) / 2;
    }
    return w;
  }();
  static constexpr bool has_bias = options.bias;

  static constexpr shape output(shape in) {
    return {Out, options.output_h(in.height), options.output_w(in.width)};
  }

  static constexpr mistake examine(shape in) {
    using enum mistake_kind;
    if (options.unknown || options.ceil || !options.count_padding) return {unknown_option, -1, in, in};
    if (Out < 1 || !options.in_range()) return {bad_option, -1, in, in};
    if (in.channels % options.groups != 0 || Out % options.groups != 0) {
      return {groups_do_not_divide, -1, in, {Out, in.height, in.width}};
    }
    return options.fits(in) ? mistake{} : mistake{kernel_exceeds_input, -1, in, options.least(in)};
  }

  static constexpr convolution geometry(shape in) {
    return {.in = in,
            .out = output(in),
            .kernel_h = options.kernel_h,
            .kernel_w = options.kernel_w,
            .stride_h = options.stride_h,
            .stride_w = options.stride_w,
            .padding_h = options.rows(in.height).before,
            .padding_w = options.columns(in.width).before,
            .dilation_h = options.dilation_h,
            .dilation_w = options.dilation_w,
            .groups = options.groups};
  }

  static constexpr auto parameters(shape in) {
    const parameter weight{
        "weight", {Out, in.channels / options.groups, options.kernel_h, options.kernel_w}, 4};
    if constexpr (has_bias) {
      return std::array{weight, parameter{"bias", {Out}, 1}};
    } else {
      return std::array{weight};
    }
  }
};

}  // namespace flexdnn
