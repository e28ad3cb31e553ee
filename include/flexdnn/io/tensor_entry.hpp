// SPDX-License-Identifier: MIT
// tensor_entry: one named tensor of a weights file, as readers give it and writers take it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "dtype.hpp"

namespace flexdnn {

/// One tensor of a file: row-major elements of little-endian bytes, at any alignment (copy with memcpy).
struct tensor_entry {
  std::string name;
  dtype type = dtype::f32;
  std::vector<std::uint64_t> shape;  ///< empty: a scalar
  std::span<const std::byte> data;
};

struct metadata_entry {
  std::string key;
  std::string value;
};

/// "[16,3,3,3]", for sentences.
[[nodiscard]] inline std::string text_of(std::span<const std::uint64_t> shape) {
  std::string text = "[";
  for (const std::uint64_t extent : shape) {
    if (text.size() > 1) text += ',';
    text += std::to_string(extent);
  }
  text += ']';
  return text;
}

}  // namespace flexdnn
