// SPDX-License-Identifier: MIT
// append_json: strings and numbers as JSON writes them.
#pragma once

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <string>
#include <string_view>

namespace flexdnn {

/// In quotes, with escapes. text: UTF-8.
inline void append_json(std::string& out, std::string_view text) {
  static constexpr std::string_view digits = "0123456789abcdef";
  const auto escaped = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\'; };
  out += '"';
  while (!text.empty()) {
    const auto plain = static_cast<std::size_t>(std::ranges::find_if(text, escaped) - text.begin());
    out += text.substr(0, plain);
    text.remove_prefix(plain);
    if (text.empty()) break;
    const auto byte = static_cast<unsigned char>(text.front());
    if (byte < 0x20) {
      out += "\\u00";
      out += digits[byte >> 4];
      out += digits[byte & 15];
    } else {
      out += '\\';
      out += text.front();
    }
    text.remove_prefix(1);
  }
  out += '"';
}

/// The shortest text that reads back as the same number, which must be finite.
inline void append_json(std::string& out, double number) {
  char text[32];  // at most 24 characters: -2.2250738585072014e-308
  out.append(text, std::to_chars(text, text + sizeof text, number).ptr);
}

}  // namespace flexdnn
