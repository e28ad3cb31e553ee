// SPDX-License-Identifier: MIT
// layer: what a layer description publishes, and the concept that the graph asks for.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "diagnosis.hpp"
#include "shape.hpp"

namespace flexdnn {

/// What a layer is to the planner. Fusion joins linear + channel_affine + (add) + activation.
enum class layer_role : std::uint8_t {
  linear,          ///< has geometry(in): a convolution; parameters weight and, if has_bias, bias
  channel_affine,  ///< y = x * scale[channel] + shift[channel], from parameters (batch norm)
  activation,      ///< has apply(V): one number in, one number out
  identity,        ///< nothing to do at inference
  general,         ///< has run(in shape, x, weights, y, scratch)
};

/// One tensor of a layer in PyTorch's layout. A buffer (running statistics) is stored, not trained.
struct parameter {
  std::string_view name;
  std::array<int, 4> extents{};
  int rank = 0;
  bool buffer = false;

  [[nodiscard]] constexpr std::size_t size() const {
    std::size_t product = 1;
    for (int i = 0; i < rank; ++i) product *= static_cast<std::size_t>(extents[static_cast<std::size_t>(i)]);
    return product;
  }
};

/// A layer: an empty type, its role and its output shape; everything else has a default.
///   static constexpr std::string_view type_name                 what describe prints
///   static constexpr layer_role role
///   static constexpr shape output(shape in)
///   static constexpr mistake examine(shape in)                  default: no mistake
///   static constexpr std::array<parameter, n> parameters(shape in)   default: none
///   static constexpr std::uint64_t macs(shape in)               default: 0
///   static constexpr std::size_t scratch(shape in)              floats; default: 0
///   static void run_rows(shape in, range rows, ...)             as run, for rows of the output, on whole
///   maps:
///                                                               threads share it; default: one runs it
/// Deliberately loose on pack members: a constrained pack is a fold, which Clang ends at 256.
template <class Type>
concept layer = requires(shape in) {
  { Type::output(in) } -> std::same_as<shape>;
  { Type::role } -> std::convertible_to<layer_role>;
  { Type::type_name } -> std::convertible_to<std::string_view>;
};

/// What the role promises besides: a general layer runs, an activation applies.
template <class Layer>
concept has_kernel = (Layer::role != layer_role::general ||
                      requires(shape in, const float* read, float* write) {
                        Layer::run(in, read, read, write, write);
                      }) &&
                     (Layer::role != layer_role::activation || requires(float x) { Layer::apply(x); });

/// The parameters of a layer for an input, none by default.
template <class Layer>
[[nodiscard]] constexpr auto parameters_of(shape in) {
  if constexpr (requires { Layer::parameters(in); }) {
    return Layer::parameters(in);
  } else {
    return std::array<parameter, 0>{};
  }
}

/// Multiply-accumulates of one inference. Linear layers: from their geometry, bias not counted.
template <class Layer>
[[nodiscard]] constexpr std::uint64_t macs_of(shape in) {
  if constexpr (requires { Layer::geometry(in); }) {
    return Layer::geometry(in).macs();
  } else if constexpr (requires { Layer::macs(in); }) {
    return Layer::macs(in);
  } else {
    return 0;
  }
}

template <class Layer>
[[nodiscard]] constexpr std::size_t scratch_of(shape in) {
  if constexpr (requires { Layer::scratch(in); }) {
    return Layer::scratch(in);
  } else {
    return 0;
  }
}

template <class Layer>
[[nodiscard]] constexpr mistake examine(shape in) {
  if constexpr (requires { Layer::examine(in); }) {
    return Layer::examine(in);
  } else {
    return {};
  }
}

}  // namespace flexdnn
