// SPDX-License-Identifier: MIT
// compose: parts as template types, named so that every parameter keeps its path.
#pragma once

#include "expression.hpp"
#include "naming.hpp"

namespace examples::onnx {

/// The children of a network: parts with a common path stand together under its name, layers whose name is
/// their position need none, equal blocks one after the other are a repeat.
[[nodiscard]] std::vector<expression> compose(const draft& d, const std::vector<part>& parts);

}  // namespace examples::onnx
