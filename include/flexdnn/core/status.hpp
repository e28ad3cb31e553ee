// SPDX-License-Identifier: MIT
// status: how run-time errors are told (load, calibrate, train, tools). Inference itself has none.
#pragma once

#include <array>
#include <cstdint>
#include <cstdio>
#include <string_view>

namespace flexdnn {

enum class code : std::uint8_t {
  ok,
  cannot_open,     ///< no such file, a directory, no permission
  cannot_write,    ///< the target cannot be created, or the disk is full
  truncated,       ///< the file ends before its own header says
  malformed,       ///< the bytes do not follow the format
  missing_tensor,  ///< a parameter of the network is not in the file
  unknown_tensor,  ///< the file holds a tensor that the network does not have
  wrong_shape,     ///< a tensor has other extents than the network's parameter
  wrong_type,      ///< an element type that the network does not take
  wrong_size,      ///< a byte count that does not fit
  bad_option,      ///< an argument out of its range
  not_finite,      ///< NaN or infinity where a number is needed
};

/// Result of an operation that can fail: a code and one sentence that says what is wrong, where,
/// what was got and what was wanted. Holds its text itself: no heap, trivially copyable.
class [[nodiscard]] status {
 public:
  constexpr status() = default;

  /// Formats the sentence like std::printf; longer than 255 bytes is cut.
  template <class... Args>
  static status error(flexdnn::code what, const char* format, Args... args) {
    status result;
    result.code_ = what;
    int length = 0;
    if constexpr (sizeof...(Args) == 0) {
      length = std::snprintf(result.text_.data(), result.text_.size(), "%s", format);
    } else {
      length = std::snprintf(result.text_.data(), result.text_.size(), format, args...);
    }
    if (length < 0) result.text_[0] = '\0';  // a format error leaves the array unspecified
    return result;
  }

  [[nodiscard]] constexpr explicit operator bool() const { return code_ == flexdnn::code::ok; }
  [[nodiscard]] constexpr flexdnn::code code() const { return code_; }
  [[nodiscard]] constexpr const char* message() const { return text_.data(); }

 private:
  flexdnn::code code_ = flexdnn::code::ok;
  std::array<char, 256> text_{};
};

}  // namespace flexdnn
