// SPDX-License-Identifier: MIT
// naming: the dotted paths of parameters, and what paths have in common.
#pragma once

#include "structure.hpp"

namespace examples::onnx {

using components = std::vector<std::string>;

/// Gives every layer with parameters a path of its own: the graph's, else counted ones (conv1, bn1, dense1).
void name_layers(draft& d, const std::vector<part>& parts);

/// "layer1.0.conv1" as components.
[[nodiscard]] components split(const std::string& path);

/// Components [first, last) with dots between them.
[[nodiscard]] std::string join(const components& path, std::size_t first, std::size_t last);

/// Where the parameters of some parts stand.
struct place {
  bool none = true;   ///< there are no parameters
  components common;  ///< what all paths begin with; at least one component of each follows
};
[[nodiscard]] place place_of(const draft& d, const std::vector<part>& parts);

}  // namespace examples::onnx
