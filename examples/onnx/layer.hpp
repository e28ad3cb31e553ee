// SPDX-License-Identifier: MIT
// layer: one of our layers, or a joining of branches, as the importer finds it in a graph.
#pragma once

#include <array>
#include <flexdnn/core/options.hpp>
#include <flexdnn/core/shape.hpp>

#include "graph.hpp"

namespace examples::onnx {

using flexdnn::shape;

enum class kind : std::uint8_t {
  input,
  plain,  ///< nothing but a name: relu, flatten, global_average_pool, ...
  leaky_relu,
  channel_shuffle,
  conv,
  dense,
  batch_norm,
  max_pool,
  average_pool,
  add,       ///< joins two branches
  multiply,  ///< joins two branches
  concat,    ///< joins branches
  pad,       ///< zeros around the map: part of the convolution or pool that reads it
  plus,      ///< a number added: part of a hard swish or hard sigmoid
  times      ///< a number multiplied: likewise
};

/// A parameter in PyTorch's layout.
struct weight {
  std::string name;  ///< "weight"
  extents shape;
  std::vector<float> values;
};

struct layer {
  kind type = kind::plain;
  std::vector<int> inputs;  ///< layers that it reads
  shape out{};
  const operation* from = nullptr;   ///< the node that a sentence about it names; null: the graph's input
  std::string name;                  ///< of a plain layer, "relu"
  flexdnn::window_options window{};  ///< of convolutions and pools
  std::array<int, 4> padding{};      ///< of a pad: top, left, bottom, right
  double number = 0.0;               ///< slope, epsilon, groups, or the number added or multiplied
  std::string path;                  ///< of its parameters: "layer1.0.conv1"
  std::vector<weight> weights;
  std::uint64_t macs = 0;

  [[nodiscard]] bool joins() const {
    return type == kind::add || type == kind::multiply || type == kind::concat;
  }
  /// What no network of ours can hold by itself.
  [[nodiscard]] bool is_part() const {
    return type == kind::pad || type == kind::plus || type == kind::times;
  }
  [[nodiscard]] bool is_activation() const {
    return type == kind::leaky_relu ||
           (type == kind::plain && (name == "relu" || name == "relu6" || name == "sigmoid" ||
                                    name == "swish" || name == "hard_sigmoid" || name == "hard_swish"));
  }
};

/// "{8, 5, 6}", for sentences.
[[nodiscard]] inline std::string text_of(shape s) {
  return "{" + std::to_string(s.channels) + ", " + std::to_string(s.height) + ", " + std::to_string(s.width) +
         "}";
}

}  // namespace examples::onnx
