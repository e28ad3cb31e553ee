// SPDX-License-Identifier: MIT
// graph: a network as the list of operators that every peer is built of, batch norms folded.
#pragma once

#include <cstdint>
#include <flexdnn/kernels/convolution.hpp>
#include <vector>

namespace flexdnn::bench {

enum class operation_kind : std::uint8_t { convolution, dense, max_pool, average_pixels };
enum class bound : std::uint8_t { none, relu, relu6 };

/// output = bound(kind(input) + residual). Values are numbered; 0 is the frame, residual -1 is none.
struct operation {
  operation_kind kind = operation_kind::convolution;
  convolution window;  ///< extents, kernel, stride and padding; of a pool too
  bound after = bound::none;
  int input = 0, residual = -1, output = 0;
  std::vector<float> weight;  ///< out, in / groups, kernel height, kernel width
  std::vector<float> bias;    ///< out

  /// Padding below and to the right, which follows from the extents (TensorFlow's SAME makes it one-sided).
  [[nodiscard]] int padding_bottom() const {
    return beyond(window.out.height, window.stride_h, window.kernel_h, window.padding_h, window.in.height);
  }
  [[nodiscard]] int padding_right() const {
    return beyond(window.out.width, window.stride_w, window.kernel_w, window.padding_w, window.in.width);
  }

 private:
  static int beyond(int out, int stride, int kernel, int padding, int in) {
    return std::max(0, (out - 1) * stride + kernel - padding - in);
  }
};

/// Operators in an order in which they can run; the last one's output is the graph's.
struct graph {
  std::vector<shape> values;
  std::vector<operation> operations;

  [[nodiscard]] const shape& frame() const { return values.front(); }
  [[nodiscard]] const shape& result() const { return operations.back().window.out; }
};

}  // namespace flexdnn::bench
