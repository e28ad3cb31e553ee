// SPDX-License-Identifier: MIT
// quoted: a name or path from outside, made fit for an error sentence.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace flexdnn {

/// Which end of a long text says more: a name's front, a path's back.
enum class keep : unsigned char { front, back };

/// 'text' in quotes, each byte outside printable ASCII (and \ and ') as \xNN, so that a hostile name
/// can neither steer a terminal nor end its own quotes. A text that needs more than Limit characters
/// loses the other end to "...". 88 characters leave a status (255) room for the sentence around it.
template <std::size_t Limit = 88>
class quoted {
 public:
  explicit constexpr quoted(std::string_view text, keep end = keep::front) {
    std::size_t room = Limit, whole = 0;
    for (const char c : text) {
      if ((whole += width(c)) > Limit) break;
    }
    const bool cut = whole > Limit;
    if (cut) room -= 3;
    std::size_t first = 0, last = text.size();
    if (cut && end == keep::front) {
      for (last = 0; width(text[last]) <= room; ++last) room -= width(text[last]);
    } else if (cut) {
      for (first = text.size(); width(text[first - 1]) <= room; --first) room -= width(text[first - 1]);
    }
    put('\'');
    if (first > 0) dots();
    for (std::size_t i = first; i < last; ++i) escape(text[i]);
    if (last < text.size()) dots();
    put('\'');
  }

  [[nodiscard]] constexpr const char* text() const { return text_.data(); }

 private:
  static constexpr bool plain(char c) { return c >= ' ' && c <= '~' && c != '\\' && c != '\''; }
  static constexpr std::size_t width(char c) { return plain(c) ? 1 : 4; }

  constexpr void put(char c) { text_[size_++] = c; }
  constexpr void dots() {
    for (int i = 0; i < 3; ++i) put('.');
  }
  constexpr void escape(char c) {
    if (plain(c)) return put(c);
    const char* digits = "0123456789abcdef";
    put('\\');
    put('x');
    put(digits[static_cast<unsigned char>(c) >> 4]);
    put(digits[static_cast<unsigned char>(c) & 15]);
  }

  std::array<char, Limit + 3> text_{};
  std::size_t size_ = 0;
};

quoted(std::string_view)->quoted<>;
quoted(std::string_view, keep)->quoted<>;

}  // namespace flexdnn
