// SPDX-License-Identifier: MIT
// dense: fully connected layer (PyTorch's Linear).
#pragma once

#include "../core/layer.hpp"
#include "../core/options.hpp"
#include "../kernels/convolution.hpp"

namespace flexdnn {

/// y[o] = b[o] + sum_i w[o,i] x[i]. Takes a vector {n,1,1}, gives {Out,1,1}. Option: bias (true).
/// Cost: n*Out MACs; n*Out + Out parameters.
template <int Out, class... Options>
struct dense {
  static constexpr std::string_view type_name = "dense";
  static constexpr layer_role role = layer_role::linear;
  static constexpr window_options options = read_options<Options...>();
  static constexpr bool has_bias = options.bias;

  static constexpr shape output(shape) { return {Out, 1, 1}; }

  static constexpr mistake examine(shape in) {
    using enum mistake_kind;
    window_options bias_alone;
    bias_alone.bias = options.bias;
    if (options != bias_alone) return {unknown_option, -1, in, in};
    if (Out < 1) return {bad_option, -1, in, in};
    if (in.pixels() != 1) return {not_a_vector, -1, in, {static_cast<int>(in.size()), 1, 1}};
    return {};
  }

  static constexpr convolution geometry(shape in) { return {.in = in, .out = {Out, 1, 1}}; }

  static constexpr auto parameters(shape in) {
    const parameter weight{"weight", {Out, in.channels}, 2};
    if constexpr (has_bias) {
      return std::array{weight, parameter{"bias", {Out}, 1}};
    } else {
      return std::array{weight};
    }
  }
};

}  // namespace flexdnn
