// SPDX-License-Identifier: MIT
// separable_conv2d: a depthwise convolution, then a 1x1 convolution across the channels.
#pragma once

#include "../core/type_list.hpp"
#include "conv2d.hpp"
#include "depthwise_conv2d.hpp"

namespace flexdnn {

namespace detail {

/// Whether the options leave the bias on: the pointwise part shares that option alone.
template <class... Options>
using shared_bias = bias<read_options<Options...>().bias>;

}  // namespace detail

/// y = pointwise(depthwise(x)), no activation between. Options (kernel, stride, padding, dilation) are the
/// depthwise part's, bias is both's. Shape {Out, H', W'} with H', W' as depthwise_conv2d.
/// Cost for k x k: k*k*C*H'*W' + C*Out*H'*W' MACs. Parameters under "depthwise" and "pointwise".
template <int Out, class... Options>
struct separable_conv2d {
  static constexpr bool is_composite = true;
  static constexpr bool names_itself = false;
  using depthwise = depthwise_conv2d<Options...>;
  using pointwise = conv2d<Out, kernel<1>, detail::shared_bias<Options...>>;
  using parts = type_list<depthwise, pointwise>;

  template <class Builder>
  static constexpr void lower(Builder& b) {
    b.template scope<depthwise>("depthwise");
    b.template scope<pointwise>("pointwise");
  }
};

}  // namespace flexdnn
