// SPDX-License-Identifier: MIT
// json_reader: a pull parser for the JSON that headers are made of: objects, arrays, strings, numbers.
#pragma once

#include <algorithm>
#include <charconv>
#include <cinttypes>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>

#include "../core/status.hpp"
#include "utf8.hpp"

namespace flexdnn {

/// The caller asks for the token that its format wants next. The first disappointment sticks: every
/// later call does nothing and more() ends each loop, so a caller may check failed() late. There is no
/// recursion and no stack to exhaust, because nesting is the caller's code. Strict: RFC 8259 strings in
/// valid UTF-8, no lone surrogates; RFC 8259 numbers, a sign or fraction only where a double is read.
///   in.open('{'); while (in.more('}')) { in.read(key); in.expect(':'); in.read(value); }  in.finish();
class json_reader {
 public:
  /// base is the text's own place in its file: messages count bytes from the start of the file.
  explicit json_reader(std::string_view text, std::size_t base = 0) : text_(text), base_(base) {}

  [[nodiscard]] bool failed() const { return !failure_; }
  [[nodiscard]] const status& failure() const { return failure_; }

  /// Takes the bracket that opens an object or array.
  void open(char bracket) {
    expect(bracket);
    opened_ = true;
  }

  /// True when another item follows; false when the closing bracket was taken, or after a failure.
  [[nodiscard]] bool more(char closing) {
    if (next() == closing) {
      expect(closing);
      return false;
    }
    if (!opened_) expect(',');
    opened_ = false;
    return !failed();
  }

  void expect(char token) {
    if (next() != token) {
      const char wanted[] = {'\'', token, '\'', '\0'};
      return fail(wanted);
    }
    ++at_;
    opened_ = false;
  }

  void read(std::string& out) {
    out.clear();
    if (next() != '"') return fail("a string");
    ++at_;
    while (!failed() && peek() != '"') read_characters(out);
    if (!failed()) ++at_;
    opened_ = false;
  }

  /// A whole number from 0 to 2^64 - 1.
  void read(std::uint64_t& out) {
    const auto digit = [&] { return peek() >= '0' && peek() <= '9'; };
    next();
    if (failed() || !digit()) return fail("a whole number");
    out = 0;
    const std::size_t start = at_;
    for (; digit(); ++at_) {
      const auto value = static_cast<std::uint64_t>(peek() - '0');
      if (out > (UINT64_MAX - value) / 10) return fail("a number below 2^64");
      out = out * 10 + value;
      if (at_ > start && text_[start] == '0') return fail("a number without leading zeros");
    }
    opened_ = false;
  }

  /// A number within a double's range.
  void read(double& out) {
    next();
    const std::size_t start = at_;
    const auto digits = [&] {
      if (failed() || peek() < '0' || peek() > '9') return fail("a digit of a number");
      while (peek() >= '0' && peek() <= '9') ++at_;
    };
    if (peek() == '-') ++at_;
    const bool zero = peek() == '0';
    const std::size_t whole = at_;
    digits();
    if (zero && at_ > whole + 1) return fail("a number without leading zeros");
    if (peek() == '.') {
      ++at_;
      digits();
    }
    if (peek() == 'e' || peek() == 'E') {
      ++at_;
      if (peek() == '+' || peek() == '-') ++at_;
      digits();
    }
    if (failed()) return;
    if (std::from_chars(text_.data() + start, text_.data() + at_, out).ec != std::errc{}) {
      return fail("a number within a double's range before here");
    }
    opened_ = false;
  }

  /// Nothing but white space may be left.
  void finish() {
    if (next() != -1) fail("the end of the header");
  }

 private:
  /// The next byte as it stands, -1 at the end and after a failure.
  [[nodiscard]] int peek() const {
    return failed() || at_ >= text_.size() ? -1 : static_cast<unsigned char>(text_[at_]);
  }

  /// The first byte after white space.
  int next() {
    while (peek() == ' ' || peek() == '\n' || peek() == '\r' || peek() == '\t') ++at_;
    return peek();
  }

  void fail(const char* wanted) {
    if (failed()) return;
    const int got = peek();
    if (got == -1) {
      failure_ =
          status::error(code::malformed, "byte %zu wants %s, got the end of the header", base_ + at_, wanted);
    } else {
      const bool plain = got > ' ' && got <= '~';
      failure_ = status::error(code::malformed,
                               plain ? "byte %zu wants %s, got '%c'" : "byte %zu wants %s, got 0x%02x",
                               base_ + at_, wanted, got);
    }
  }

  /// The next character or escape; of plain text, which names are, all that follows at once.
  void read_characters(std::string& out) {
    const int first = peek();
    if (first == '\\') return read_escape(out);
    if (first < 0x20)
      return fail(first < 0 ? "the closing quote of a string" : "no control character in a string");
    const std::string_view rest = text_.substr(at_);
    const auto plain = [](char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; };
    const auto run = static_cast<std::size_t>(std::ranges::find_if_not(rest, plain) - rest.begin());
    const std::size_t length = run > 0 ? run : utf8_length(rest.substr(0, 4));
    if (length == 0) return fail("UTF-8 in a string");
    out.append(text_, at_, length);
    at_ += length;
  }

  void read_escape(std::string& out) {
    static constexpr std::string_view letters = "\"\\/bfnrt", meanings = "\"\\/\b\f\n\r\t";
    ++at_;
    if (peek() == 'u') {
      ++at_;
      return read_unicode(out);
    }
    const std::size_t which = peek() < 0 ? std::string_view::npos : letters.find(static_cast<char>(peek()));
    if (which == std::string_view::npos) return fail("one of \" \\ / b f n r t u after a backslash");
    out.push_back(meanings[which]);
    ++at_;
  }

  void read_unicode(std::string& out) {
    char32_t value = read_hex();
    if (value >= 0xDC00 && value < 0xE000) return fail("a high surrogate before the low one");
    if (value >= 0xD800 && value < 0xDC00) {
      const bool pair = text_.substr(at_, 2) == "\\u";
      at_ += pair ? 2 : 0;
      const char32_t low = pair ? read_hex() : 0;
      if (low < 0xDC00 || low >= 0xE000) return fail("a low surrogate after the high one");
      value = 0x10000 + ((value - 0xD800) << 10) + (low - 0xDC00);
    }
    if (!failed()) utf8_append(out, value);
  }

  char32_t read_hex() {
    char32_t value = 0;
    for (int i = 0; i < 4; ++i, ++at_) {
      const int c = peek();
      const int digit = c >= '0' && c <= '9'   ? c - '0'
                        : c >= 'a' && c <= 'f' ? c - 'a' + 10
                        : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                               : -1;
      if (digit < 0) {
        fail("four hexadecimal digits");
        return 0;
      }
      value = value << 4 | static_cast<char32_t>(digit);
    }
    return value;
  }

  std::string_view text_;
  std::size_t base_;
  std::size_t at_ = 0;
  bool opened_ = false;
  status failure_;
};

}  // namespace flexdnn
