// SPDX-License-Identifier: MIT
// spell: one layer as the text of its type.
#pragma once

#include "layer.hpp"

namespace examples::onnx {

/// conv2d<8, kernel<3>, stride<2>, bias<false>>, with every option that is not the default; in: what it
/// reads.
[[nodiscard]] std::string spell(const layer& l, const shape& in);

}  // namespace examples::onnx
