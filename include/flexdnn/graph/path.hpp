// SPDX-License-Identifier: MIT
// path: where a layer stands in PyTorch's naming ("layer1.0.conv1"), with a mark for a loop's index.
#pragma once

#include <array>
#include <string_view>

namespace flexdnn {

/// A dotted path of at most 63 characters. A repeated block stands once, its index replaced by `mark`
/// and a digit that is added to the index (a loop may hold two copies of its block).
class path {
 public:
  static constexpr char mark = '*';

  [[nodiscard]] constexpr std::string_view view() const {
    return {text_.data(), static_cast<std::size_t>(size_)};
  }
  [[nodiscard]] constexpr bool too_long() const { return too_long_; }

  constexpr void append(std::string_view component) {
    if (size_ > 0) put('.');
    for (const char c : component) put(c);
  }

  constexpr void append(int index) {
    std::array<char, 12> digits{};
    int n = 0;
    do {
      digits[static_cast<std::size_t>(n++)] = static_cast<char>('0' + index % 10);
      index /= 10;
    } while (index > 0);
    if (size_ > 0) put('.');
    while (n > 0) put(digits[static_cast<std::size_t>(--n)]);
  }

  constexpr void append_mark(int offset) {
    if (size_ > 0) put('.');
    put(mark);
    put(static_cast<char>('0' + offset));
  }

 private:
  constexpr void put(char c) {
    if (size_ + 1 < static_cast<int>(text_.size())) {
      text_[static_cast<std::size_t>(size_++)] = c;
    } else {
      too_long_ = true;
    }
  }

  std::array<char, 64> text_{};
  int size_ = 0;
  bool too_long_ = false;
};

}  // namespace flexdnn
