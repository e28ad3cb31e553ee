// SPDX-License-Identifier: MIT
// operation: one layer, or one joint of maps, as plain data for training.
#pragma once

#include <cstddef>
#include <cstdint>
#include <numeric>
#include <type_traits>
#include <vector>

#include "../kernels/convolution.hpp"
#include "../kernels/pool.hpp"
#include "../layers/average_pool2d.hpp"
#include "../layers/channel_shuffle.hpp"
#include "../layers/dropout.hpp"
#include "../layers/flatten.hpp"
#include "../layers/global_average_pool.hpp"
#include "../layers/hard_sigmoid.hpp"
#include "../layers/hard_swish.hpp"
#include "../layers/leaky_relu.hpp"
#include "../layers/max_pool2d.hpp"
#include "../layers/relu.hpp"
#include "../layers/relu6.hpp"
#include "../layers/sigmoid.hpp"
#include "../layers/softmax2d.hpp"
#include "../layers/swish.hpp"
#include "../layers/zero_pad_shortcut.hpp"
#include "activation_gradient.hpp"

namespace flexdnn {

/// What is done to a mini-batch of maps, which maps it reads and writes, and where its parameters lie.
struct operation {
  enum class kind : std::uint8_t {
    linear,
    batch_norm,
    activation,
    max_pool,
    average_pool,
    dropout,
    softmax,
    gather,    ///< y[i] = x[from[i]], 0 where from[i] < 0: every layer that only moves numbers
    add,       ///< y = input + second
    multiply,  ///< y = input second
    scale,     ///< y[c,r,q] = input[c,r,q] second[c]
    append,    ///< channels [channel, channel + C) of y = input
  };

  kind what = kind::activation;
  shape in{}, out{};
  convolution linear{};
  pooling pool{};
  flexdnn::activation function{};
  double constant = 0.0;  ///< batch norm's epsilon, dropout's probability, leaky_relu's slope
  bool bias = false;
  std::vector<int> from;
  int channel = 0;
  int input = -1, second = -1, output = -1;  ///< maps; second: none
  std::size_t weights = 0, parameters = 0;   ///< offset and number of its parameters, in floats
  int exit = -1;  ///< early exit whose branch it belongs to; -1: the trunk and the final exit

  /// Weights of a linear layer; its bias follows them.
  [[nodiscard]] std::size_t weight_count() const {
    return static_cast<std::size_t>(linear.out.channels) * static_cast<std::size_t>(linear.taps());
  }

  /// What backward reads of the forward pass besides dy.
  [[nodiscard]] bool needs_input() const {
    using enum kind;
    return what == linear || what == batch_norm || what == max_pool || what == multiply || what == scale ||
           (what == activation && !from_output(function));
  }
  [[nodiscard]] bool needs_output() const {
    return what == kind::softmax || (what == kind::activation && from_output(function));
  }
  /// Whether y may be written over x, and dx over dy.
  [[nodiscard]] bool element_wise() const {
    return what == kind::activation || what == kind::add || what == kind::dropout;
  }
};

namespace detail {

template <class Layer>
struct is_max_pool : std::false_type {};
template <class... Options>
struct is_max_pool<max_pool2d<Options...>> : std::true_type {};

template <class Layer>
struct is_average_pool : std::false_type {};
template <class... Options>
struct is_average_pool<average_pool2d<Options...>> : std::true_type {};

/// Layers that only move numbers: what they do to a ramp says where each came from.
template <class Layer>
inline constexpr bool only_moves = std::is_same_v<Layer, flatten>;
template <int Groups>
inline constexpr bool only_moves<channel_shuffle<Groups>> = true;
template <int Out, int Stride>
inline constexpr bool only_moves<zero_pad_shortcut<Out, Stride>> = true;

template <class Layer>
struct trained_activation {
  static constexpr bool known = false;
};
template <activation Function>
struct known_activation {
  static constexpr bool known = true;
  static constexpr activation function = Function;
  static constexpr double leak = 0.0;
};
template <>
struct trained_activation<relu> : known_activation<activation::relu> {};
template <>
struct trained_activation<relu6> : known_activation<activation::relu6> {};
template <>
struct trained_activation<sigmoid> : known_activation<activation::sigmoid> {};
template <>
struct trained_activation<hard_sigmoid> : known_activation<activation::hard_sigmoid> {};
template <>
struct trained_activation<swish> : known_activation<activation::swish> {};
template <>
struct trained_activation<hard_swish> : known_activation<activation::hard_swish> {};
template <class Slope>
struct trained_activation<leaky_relu<Slope>> : known_activation<activation::leaky_relu> {
  static_assert(Slope::num >= 0, "flexdnn: a leaky_relu with a negative slope cannot be trained");
  static constexpr double leak = static_cast<double>(Slope::num) / static_cast<double>(Slope::den);
};

template <class Layer>
[[nodiscard]] std::vector<int> sources(shape in) {
  std::vector<float> ramp(in.size()), moved(Layer::output(in).size());
  std::iota(ramp.begin(), ramp.end(), 1.0F);
  Layer::run(in, ramp.data(), nullptr, moved.data(), nullptr);
  std::vector<int> from(moved.size());
  for (std::size_t i = 0; i < from.size(); ++i) from[i] = static_cast<int>(moved[i]) - 1;
  return from;
}

template <class Layer>
inline constexpr bool has_gradient = false;

}  // namespace detail

/// What Layer is to training, for an input of that shape; does not compile where it has no gradient. Maps of
/// layers that only move numbers have fewer than 2^24.
template <class Layer>
[[nodiscard]] operation operation_of(shape in) {
  using enum operation::kind;
  operation o;
  o.in = in, o.out = Layer::output(in);
  if constexpr (Layer::role == layer_role::linear) {
    o.what = linear;
    o.linear = Layer::geometry(in);
    o.bias = Layer::has_bias;
  } else if constexpr (Layer::role == layer_role::channel_affine) {
    o.what = batch_norm;
    o.constant = Layer::epsilon;
  } else if constexpr (detail::trained_activation<Layer>::known) {
    o.what = activation;
    o.function = detail::trained_activation<Layer>::function;
    o.constant = detail::trained_activation<Layer>::leak;
  } else if constexpr (detail::is_max_pool<Layer>::value) {
    o.what = max_pool;
    o.pool = Layer::geometry_of(in);
  } else if constexpr (detail::is_average_pool<Layer>::value) {
    o.what = average_pool;
    o.pool = Layer::geometry_of(in);
  } else if constexpr (std::is_same_v<Layer, global_average_pool>) {
    o.what = average_pool;
    o.pool = {.in = in, .out = o.out, .kernel_h = in.height, .kernel_w = in.width};
  } else if constexpr (requires { Layer::probability; }) {
    o.what = dropout;
    o.constant = Layer::probability;
  } else if constexpr (std::is_same_v<Layer, softmax2d>) {
    o.what = softmax;
  } else if constexpr (detail::only_moves<Layer>) {
    o.what = gather;
    o.from = detail::sources<Layer>(in);
  } else {
    static_assert(detail::has_gradient<Layer>, "flexdnn: this layer has no gradient and cannot be trained");
  }
  return o;
}

}  // namespace flexdnn
