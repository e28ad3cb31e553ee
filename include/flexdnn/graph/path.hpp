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
    return {text_.data(), static_cast<std::size_t>(too_long() ? most : size_)};
  }
  [[nodiscard]] constexpr bool too_long() const { return size_ > most; }

  /// Characters appended so far, those that found no room too.
  [[nodiscard]] constexpr int size() const { return size_; }
  /// As it was when it had this size: cheaper for compilers than a copy to go back to.
  constexpr void shorten(int size) { size_ = size; }

  constexpr void append(std::string_view component) {
    if (size_ > 0) put('.');
    for (const char c : component) put(c);
  }

  /// What `other` has after its first `skipped` characters.
  constexpr void append_rest(const path& other, int skipped) {
    for (const char c : other.view().substr(static_cast<std::size_t>(skipped))) put(c);
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
    if (size_ < most) text_[static_cast<std::size_t>(size_)] = c;
    ++size_;
  }

  static constexpr int most = 63;
  std::array<char, most> text_{};
  int size_ = 0;
};

}  // namespace flexdnn
