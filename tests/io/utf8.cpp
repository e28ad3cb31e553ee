// SPDX-License-Identifier: MIT
// Laws of io/utf8: every scalar value is encoded to what the validator takes, and only that is taken.
#include <doctest/doctest.h>

#include <flexdnn/io/utf8.hpp>
#include <string>
#include <string_view>

using namespace flexdnn;

TEST_CASE("io/utf8: every scalar value round trips through its length, and no surrogate is valid") {
  std::size_t wrong = 0;
  for (char32_t value = 0; value <= 0x10FFFF; ++value) {
    std::string text;
    utf8_append(text, value);
    const std::size_t wanted = value < 0x80 ? 1 : value < 0x800 ? 2 : value < 0x10000 ? 3 : 4;
    const bool surrogate = value >= 0xD800 && value < 0xE000;
    wrong += text.size() != wanted || utf8_length(text) != (surrogate ? 0 : wanted);
  }
  CHECK(wrong == 0);
}

TEST_CASE("io/utf8: all two-byte texts: valid are ASCII fronts and the 1920 characters of two bytes") {
  int one = 0, pairs = 0;
  for (int a = 0; a < 256; ++a) {
    for (int b = 0; b < 256; ++b) {
      const char text[] = {static_cast<char>(a), static_cast<char>(b)};
      const std::size_t length = utf8_length(std::string_view(text, 2));
      one += length == 1;
      pairs += length == 2;
    }
  }
  CHECK(one == 128 * 256);
  CHECK(pairs == 0x800 - 0x80);
}

TEST_CASE("io/utf8: overlong, cut and too large sequences are refused") {
  for (const std::string_view text :
       {"\xC0\x80", "\xC1\xBF", "\xE0\x9F\xBF", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80",
        "\xE2\x82", "\xF0\x9F\x98", "\x80", "\xFF", "\xE2\x28\xA1"}) {
    CHECK(utf8_length(text) == 0);
  }
  CHECK(utf8_length("") == 0);
  const std::string_view euro = "\xE2\x82\xAC";
  CHECK(utf8_length(euro) == 3);
  CHECK(utf8_length(euro.substr(0, 2)) == 0);  // the byte behind the view would make it whole
}
