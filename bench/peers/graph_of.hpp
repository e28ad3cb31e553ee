// SPDX-License-Identifier: MIT
// graph_of: the graph of one of our networks, read from the plan that our engine runs.
#pragma once

#include <array>
#include <flexdnn/kernels/pool.hpp>
#include <flexdnn/layers/relu.hpp>
#include <flexdnn/layers/relu6.hpp>
#include <flexdnn/plan/lowered.hpp>
#include <flexdnn/plan/packing.hpp>
#include <span>
#include <type_traits>
#include <utility>

#include "graph.hpp"

namespace flexdnn::bench {

/// What a step of a plan computes, without its types.
struct step_facts {
  enum class kind : std::uint8_t { operation, zero_pad, alias } what = kind::alias;
  operation_kind does = operation_kind::convolution;
  convolution window{};
  bound after = bound::none;
  bool has_bias = false;
  void (*fold)(int channels, const float* weights, float* scale, float* shift) = nullptr;
};

/// Only what the workloads are made of; another layer stops the compilation here.
template <class Lead, class Affine, class Activation, shape In>
consteval step_facts facts_of() {
  step_facts f;
  if constexpr (!std::is_void_v<Activation>) {
    static_assert(std::is_same_v<Activation, relu> || std::is_same_v<Activation, relu6>,
                  "bench: peers are not told how to apply this activation");
    f.after = std::is_same_v<Activation, relu> ? bound::relu : bound::relu6;
  }
  if constexpr (std::is_void_v<Lead>) {
    return f;
  } else {
    using enum step_facts::kind;
    constexpr std::string_view name = Lead::type_name;
    f.what = operation;
    f.window = {.in = In, .out = Lead::output(In)};
    if constexpr (Lead::role == layer_role::linear) {
      f.window = Lead::geometry(In);
      f.does = In.pixels() == 1 ? operation_kind::dense : operation_kind::convolution;
      f.has_bias = Lead::has_bias;
      if constexpr (!std::is_void_v<Affine>) f.fold = &fold<Affine>;
    } else if constexpr (name == "max_pool2d") {
      constexpr pooling p = Lead::geometry_of(In);
      f.does = operation_kind::max_pool;
      f.window = {p.in, p.out, p.kernel_h, p.kernel_w, p.stride_h, p.stride_w, p.padding_h, p.padding_w};
    } else if constexpr (name == "global_average_pool") {
      f.does = operation_kind::average_pixels;
    } else if constexpr (name == "zero_pad_shortcut") {
      f.what = zero_pad;
      f.window.stride_h = (In.height + f.window.out.height - 1) / f.window.out.height;
      f.window.stride_w = f.window.stride_h;
    } else {
      static_assert(name == "flatten" && In.pixels() == 1, "bench: peers are not told of this layer");
      f.what = alias;
    }
    return f;
  }
}

/// Walks a plan's steps, loops unrolled, and writes operations.
class graph_writer {
 public:
  graph_writer(std::span<const step> steps, std::span<const loop> loops, std::span<const step_facts> facts,
               std::size_t values, std::span<const float> canonical)
      : steps_(steps), loops_(loops), facts_(facts), canonical_(canonical), written_(values, 0) {}

  [[nodiscard]] graph write(const shape& frame);

 private:
  void walk(int first, int last, int around, std::size_t shift);
  void take(const step& s, const step_facts& f, std::size_t shift);

  std::span<const step> steps_;
  std::span<const loop> loops_;
  std::span<const step_facts> facts_;
  std::span<const float> canonical_;
  std::vector<int> written_;  ///< the graph's number of each of the plan's values, as of now
  graph out_;
};

template <class Network>
[[nodiscard]] graph graph_of(std::span<const float> canonical) {
  using low = lowered<Network>;
  static constexpr auto facts = []<std::size_t... S>(std::index_sequence<S...>) {
    using leaves = typename low::leaves;
    return std::array<step_facts, sizeof...(S)>{
        facts_of<element_or<low::steps[S].lead, leaves, void>, element_or<low::steps[S].affine, leaves, void>,
                 element_or<low::steps[S].activation, leaves, void>, low::steps[S].in>()...};
  }
  (std::make_index_sequence<low::steps.size()>{});
  return graph_writer(low::steps, low::loops, facts, low::values.size(), canonical).write(Network::frame);
}

/// The graph of one linear layer.
template <class Layer, shape In>
[[nodiscard]] graph graph_of_layer(std::span<const float> canonical) {
  static constexpr step_facts facts = facts_of<Layer, void, void, In>();
  static constexpr step alone{.lead = 0, .in = In, .out = Layer::output(In), .input = 0, .output = 1};
  return graph_writer({&alone, 1}, {}, {&facts, 1}, 2, canonical).write(In);
}

}  // namespace flexdnn::bench
