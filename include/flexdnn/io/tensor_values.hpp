// SPDX-License-Identifier: MIT
// tensor_values: one tensor of a file checked against a parameter of the network, and its numbers as floats.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>

#include "../core/status.hpp"
#include "half.hpp"
#include "parameters.hpp"
#include "quoted.hpp"
#include "tensor_entry.hpp"

namespace flexdnn::detail {

/// 'conv1.weight', or where the file names it otherwise: 'conv1.weight' (as 'conv2d/kernel').
[[nodiscard]] inline std::string both_names(const std::string& ours, const std::string& theirs) {
  if (ours == theirs) return quoted(ours).text();
  return std::string(quoted<48>(ours).text()) + " (as " + quoted<48>(theirs).text() + ")";
}

/// Checks presence, element type and shape. name: as both_names tells it.
inline status check_tensor(const std::string& name, const named_parameter& wanted,
                           const tensor_entry* found) {
  if (found == nullptr) {
    return status::error(code::missing_tensor, "weights are for another network: %s %s is not in the file",
                         name.c_str(), text_of(wanted.extents).c_str());
  }
  if (found->type != dtype::f32 && found->type != dtype::f16 && found->type != dtype::bf16) {
    return status::error(code::wrong_type, "tensor %s: got %s numbers, F32, F16 or BF16 is wanted",
                         name.c_str(), name_of(found->type));
  }
  if (found->shape != wanted.extents) {
    return status::error(code::wrong_shape,
                         "weights are for another network: tensor %s: got shape %.60s, wanted %.60s",
                         name.c_str(), text_of(found->shape).c_str(), text_of(wanted.extents).c_str());
  }
  return {};
}

/// The numbers of an F32, F16 or BF16 tensor, exactly.
inline void copy_numbers(const tensor_entry& tensor, std::span<float> out) {
  if (tensor.type == dtype::f32) {
    std::memcpy(out.data(), tensor.data.data(), out.size_bytes());
    return;
  }
  for (std::size_t i = 0; i < out.size(); ++i) {
    std::uint16_t bits = 0;
    std::memcpy(&bits, tensor.data.data() + 2 * i, sizeof bits);
    out[i] = tensor.type == dtype::f16 ? float_from_f16(bits) : float_from_bf16(bits);
  }
}

/// All finite; a running variance, whose root is taken, also at least 0.
inline status check_numbers(const std::string& name, std::span<const float> numbers, bool variance) {
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (!std::isfinite(numbers[i])) {
      return status::error(code::not_finite, "tensor %s: number %zu of %zu is not finite", name.c_str(), i,
                           numbers.size());
    }
    if (variance && numbers[i] < 0.0F) {
      return status::error(code::malformed, "tensor %s: number %zu of %zu is %g, a variance is at least 0",
                           name.c_str(), i, numbers.size(), static_cast<double>(numbers[i]));
    }
  }
  return {};
}

}  // namespace flexdnn::detail
