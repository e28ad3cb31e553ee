// SPDX-License-Identifier: MIT
// draw: weights and frames of the comparison: the same numbers on every machine, and of a size that stays
// finite and alive through the deepest network.
#pragma once

#include <cmath>
#include <flexdnn/io/parameters.hpp>
#include <random>
#include <span>
#include <string_view>
#include <vector>

#include "floats.hpp"

namespace flexdnn::bench {

/// Numbers of middle +- spread. By hand, because the standard leaves distributions to the library.
inline void fill(std::span<float> numbers, double middle, double spread, std::mt19937& source) {
  for (float& number : numbers) {
    const double unit = static_cast<double>(source()) / 2147483648.0 - 1.0;
    number = static_cast<float>(middle + spread * unit);
  }
}

/// He et al. 2015 for kernels. Batch norms scale by 0.9: MobileNetV2's maps then neither fade nor saturate.
inline void draw(std::string_view name, std::size_t outputs, bool vector, std::span<float> numbers,
                 std::mt19937& source) {
  if (!vector) {
    const double inputs = static_cast<double>(numbers.size()) / static_cast<double>(outputs);
    fill(numbers, 0.0, std::sqrt(6.0 / inputs), source);
  } else if (name.ends_with("weight")) {
    fill(numbers, 0.9, 0.25, source);
  } else if (name.ends_with("running_var")) {
    fill(numbers, 1.0, 0.5, source);
  } else {
    fill(numbers, 0.0, 0.125, source);
  }
}

/// Canonical weights of a network, or of a layer by itself.
[[nodiscard]] inline std::vector<float> drawn_weights(std::span<const named_parameter> parameters) {
  std::vector<float> all(parameters.back().offset + parameters.back().size);
  std::mt19937 source(1);
  for (const named_parameter& p : parameters) {
    draw(p.name, p.extents.front(), p.extents.size() == 1, std::span(all).subspan(p.offset, p.size), source);
  }
  return all;
}

[[nodiscard]] inline floats drawn_frame(const shape& extent) {
  floats frame(extent.size());
  std::mt19937 source(2);
  fill(frame, 0.0, 1.0, source);
  return frame;
}

}  // namespace flexdnn::bench
