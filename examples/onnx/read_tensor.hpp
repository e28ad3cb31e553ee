// SPDX-License-Identifier: MIT
// read_tensor: the constants of a model, whatever of ONNX's ways of storing them is used.
#pragma once

#include <onnx/onnx_pb.h>

#include "graph.hpp"

namespace examples::onnx {

/// Reads FLOAT and FLOAT16 as reals, INT64 and INT32 as integers; others keep only their type and shape,
/// since they matter only where they are used. Errors: external data, extents and bytes that disagree.
[[nodiscard]] tensor read_tensor(const ::onnx::TensorProto& from);

/// ONNX's name of an element type, "DOUBLE".
[[nodiscard]] std::string name_of_type(int type);

}  // namespace examples::onnx
