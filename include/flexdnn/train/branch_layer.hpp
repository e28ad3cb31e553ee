// SPDX-License-Identifier: MIT
// branch_layer: the layers of an exit branch as plain data for training, one row a layer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <vector>

#include "../kernels/convolution.hpp"
#include "../kernels/pool.hpp"
#include "../layers/average_pool2d.hpp"
#include "../layers/dropout.hpp"
#include "../layers/global_average_pool.hpp"
#include "../layers/max_pool2d.hpp"
#include "../layers/relu.hpp"
#include "../plan/lowered.hpp"

namespace flexdnn {

/// What one layer does to a mini-batch, and where its parameters lie in the branch's own block.
struct branch_layer {
  enum class operation : std::uint8_t { linear, batch_norm, relu, max_pool, average_pool, dropout };

  operation what = operation::relu;
  shape in{}, out{};
  convolution linear{};
  pooling pool{};
  double constant = 0.0;  ///< batch norm's epsilon, dropout's probability
  bool bias = false;
  std::size_t weights = 0;  ///< offset in floats

  /// Weights of a linear layer; its bias follows them.
  [[nodiscard]] std::size_t weight_count() const {
    return static_cast<std::size_t>(linear.out.channels) * static_cast<std::size_t>(linear.taps());
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

template <class Layer>
inline constexpr bool has_gradient = false;

/// The row of one layer, or a sentence where it cannot be trained.
template <class Layer>
[[nodiscard]] branch_layer make_branch_layer(shape in, std::size_t weights) {
  using enum branch_layer::operation;
  branch_layer row{.in = in, .out = Layer::output(in), .weights = weights};
  if constexpr (Layer::role == layer_role::linear) {
    row.what = linear;
    row.linear = Layer::geometry(in);
    row.bias = Layer::has_bias;
  } else if constexpr (Layer::role == layer_role::channel_affine) {
    row.what = batch_norm;
    row.constant = Layer::epsilon;
  } else if constexpr (std::is_same_v<Layer, flexdnn::relu>) {
    row.what = relu;
  } else if constexpr (is_max_pool<Layer>::value) {
    row.what = max_pool;
    row.pool = Layer::geometry_of(in);
  } else if constexpr (is_average_pool<Layer>::value) {
    row.what = average_pool;
    row.pool = Layer::geometry_of(in);
  } else if constexpr (std::is_same_v<Layer, global_average_pool>) {
    row.what = average_pool;
    row.pool = {.in = in, .out = row.out, .kernel_h = in.height, .kernel_w = in.width};
  } else if constexpr (requires { Layer::probability; }) {
    row.what = dropout;
    row.constant = Layer::probability;
  } else {
    static_assert(has_gradient<Layer>,
                  "flexdnn: this layer has no gradient yet and cannot be trained in a branch");
  }
  return row;
}

template <class Network, int Exit, std::size_t Node>
void append_branch_layer(std::vector<branch_layer>& rows, std::size_t& weights) {
  using low = lowered<Network>;
  if constexpr (low::nodes[Node].exit == Exit) {
    constexpr node n = low::nodes[Node];
    static_assert(n.loop < 0, "flexdnn: a branch with repeat cannot be trained yet");
    using layer_type = element<static_cast<std::size_t>(n.leaf), typename low::leaves>;
    rows.push_back(make_branch_layer<layer_type>(n.in, weights));
    weights += n.parameters;
  }
}

/// Whether the steps of an exit's branch hand on one map each: no addition, gate or concatenation.
template <class Network, int Exit>
[[nodiscard]] consteval bool is_chain() {
  using low = lowered<Network>;
  const exit_point& e = low::exits[static_cast<std::size_t>(Exit)];
  for (int i = e.branch_first; i < e.last; ++i) {
    const step& s = low::steps[static_cast<std::size_t>(i)];
    if (s.residual >= 0 || s.pitch > 0) return false;
  }
  return true;
}

}  // namespace detail

/// The layers of exit number Exit in order. Not trainable yet: residual, gated, parallel, repeat, layers of
/// one's own.
template <class Network, int Exit>
[[nodiscard]] std::vector<branch_layer> branch_layers() {
  static_assert(detail::is_chain<Network, Exit>(),
                "flexdnn: a branch with residual, gated or parallel cannot be trained yet");
  std::vector<branch_layer> rows;
  std::size_t weights = 0;
  [&]<std::size_t... Node>(std::index_sequence<Node...>) {
    [[maybe_unused]] const int in_order[] = {
        0, (detail::append_branch_layer<Network, Exit, Node>(rows, weights), 0)...};
  }
  (std::make_index_sequence<lowered<Network>::nodes.size()>{});
  return rows;
}

}  // namespace flexdnn
