// SPDX-License-Identifier: MIT
// How the importer's sentences quote what a file says.
#include "graph.hpp"

#include <flexdnn/io/quoted.hpp>

namespace examples::onnx {

std::string quote(std::string_view text) {
  std::string quoted = flexdnn::quoted(text).text();
  quoted.front() = quoted.back() = '"';
  return quoted;
}

refusal refuse(const operation& node, std::string_view sentence) {
  std::string type = quote(node.type);
  return refusal("node " + quote(node.name) + " (" + type.substr(1, type.size() - 2) +
                 "): " + std::string(sentence));
}

}  // namespace examples::onnx
