// SPDX-License-Identifier: MIT
// take: what becomes of each ONNX operator: one function for each, in the file of its family.
#pragma once

#include "draft.hpp"

namespace examples::onnx {

// take_windows.cpp
void take_conv(draft& d, const operation& node);
void take_max_pool(draft& d, const operation& node);
void take_average_pool(draft& d, const operation& node);
void take_pad(draft& d, const operation& node);

// take_linear.cpp
void take_gemm(draft& d, const operation& node);
void take_matmul(draft& d, const operation& node);
void take_batch_norm(draft& d, const operation& node);
/// Adds a constant to a layer's output as its bias where that is what it is; false: it is not.
bool take_bias(draft& d, const operation& node, std::size_t constant);

// take_elementwise.cpp
void take_activation(draft& d, const operation& node);
void take_clip(draft& d, const operation& node);
void take_softmax(draft& d, const operation& node);
void take_add(draft& d, const operation& node);
void take_multiply(draft& d, const operation& node);
void take_concat(draft& d, const operation& node);

// take_shapes.cpp
void take_global_pool(draft& d, const operation& node);
void take_mean(draft& d, const operation& node);
void take_flatten(draft& d, const operation& node);
void take_reshape(draft& d, const operation& node);
void take_squeeze(draft& d, const operation& node);
void take_transpose(draft& d, const operation& node);
void take_identity(draft& d, const operation& node);

/// Makes layers of all nodes, constants folded. Errors: the first node that cannot be taken.
[[nodiscard]] draft take_all(const graph& source);

}  // namespace examples::onnx
