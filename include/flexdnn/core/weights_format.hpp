// SPDX-License-Identifier: MIT
// weights_format: how a weights file differs from a PyTorch state_dict of F32 tensors.
#pragma once

#include <limits>
#include <span>
#include <string_view>

namespace flexdnn {

/// The end of a tensor's name, ours and the file's: {".weight", "/kernel"}.
struct name_ending {
  std::string_view ours, theirs;
};

/// How a number n in our name, from first to last, is told in the file: scale * n + shift.
struct name_number {
  int scale = 1, shift = 0;
  int first = 0, last = std::numeric_limits<int>::max();
};

/// The name of a layer, ours and the file's: {"blocks.#.conv_dw", "conv_dw_#", depthwise, {.shift = 1}}. '#'
/// is the number; what theirs has in brackets is left out where it is 0 in the file: "conv2d[_#]" is conv2d,
/// conv2d_1, conv2d_2, as Keras counts. What follows the layer's name must be one of the endings; without
/// endings it stays.
struct name_rule {
  std::string_view ours, theirs;
  std::span<const name_ending> endings{};
  name_number number{};
};

/// What read_weights and load are told of a file. Default: PyTorch's names.
struct weights_format {
  std::span<const name_rule> names{};  ///< the first that matches counts; other names are the file's too
};

inline constexpr weights_format pytorch_names{};

}  // namespace flexdnn
