// SPDX-License-Identifier: MIT
// dtype: the element types that a weights file may hold.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace flexdnn {

enum class dtype : std::uint8_t { f64, f32, f16, bf16, i64, i32, i16, i8, u8, boolean };

namespace detail {
struct dtype_row {
  const char* name;
  std::size_t size;
};
inline constexpr std::array<dtype_row, 10> dtype_rows{{{"F64", 8},
                                                       {"F32", 4},
                                                       {"F16", 2},
                                                       {"BF16", 2},
                                                       {"I64", 8},
                                                       {"I32", 4},
                                                       {"I16", 2},
                                                       {"I8", 1},
                                                       {"U8", 1},
                                                       {"BOOL", 1}}};
}  // namespace detail

/// The name that safetensors gives it, "F32".
[[nodiscard]] constexpr const char* name_of(dtype type) {
  return detail::dtype_rows[static_cast<std::size_t>(type)].name;
}

/// Bytes of one element.
[[nodiscard]] constexpr std::size_t size_of(dtype type) {
  return detail::dtype_rows[static_cast<std::size_t>(type)].size;
}

/// False, and out unchanged, when no element type has that name.
[[nodiscard]] constexpr bool find_dtype(std::string_view name, dtype& out) {
  for (std::size_t i = 0; i < detail::dtype_rows.size(); ++i) {
    if (name != detail::dtype_rows[i].name) continue;
    out = static_cast<dtype>(i);
    return true;
  }
  return false;
}

}  // namespace flexdnn
