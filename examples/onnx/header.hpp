// SPDX-License-Identifier: MIT
// header: the text of the C++ header that an imported network is.
#pragma once

#include "expression.hpp"
#include "structure.hpp"

namespace examples::onnx {

struct summary {
  std::string name;    ///< of the network
  std::string source;  ///< file name of the model
  shape scores{};
  std::uint64_t macs = 0;
  std::size_t parameters = 0;  ///< numbers in the weights file
};

/// Errors: the name is a word that the header itself uses, or one of C++.
[[nodiscard]] std::string write_header(const draft& d, const summary& s,
                                       const std::vector<expression>& children);

}  // namespace examples::onnx
