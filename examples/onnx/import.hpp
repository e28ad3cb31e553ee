// SPDX-License-Identifier: MIT
// import: an ONNX model as a header and named weights, all in memory.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "layer.hpp"

namespace examples::onnx {

struct import_result {
  struct parameter {
    std::string name;  ///< "layer1.0.conv1.weight"
    extents shape;
    std::vector<float> values;
  };
  std::string header;
  std::vector<parameter> parameters;  ///< in the graph's order
  std::vector<std::string> remarks;   ///< what was left out, a sentence each
  std::size_t layers = 0;
  std::uint64_t macs = 0;
};

/// Reads, folds, matches, nests, names and checks. source: the model's file name, for the header's comment;
/// name: the network's. Errors, as refusals: see read_model, take_all, recover, check_shapes.
[[nodiscard]] import_result import_model(std::span<const std::byte> bytes, const std::string& source,
                                         const std::string& name);

}  // namespace examples::onnx
