// SPDX-License-Identifier: MIT
// expression: a template type as a tree, and its text within a line's width.
#pragma once

#include <string>
#include <vector>

namespace examples::onnx {

/// head<arguments...>, or head alone.
struct expression {
  std::string head;
  std::vector<expression> arguments;
  bool takes_arguments = false;  ///< head<> where there are none

  [[nodiscard]] std::string line() const;
};

/// The text from a column on: on one line where it fits, else two columns further in, as many arguments a
/// line as fit, and an argument of several lines by itself. `closing`: characters that will follow.
[[nodiscard]] std::string layout(const expression& e, std::size_t column, std::size_t closing);

}  // namespace examples::onnx
