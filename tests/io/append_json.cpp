// SPDX-License-Identifier: MIT
// append_json: what is written reads back the same.
#include <flexdnn/io/append_json.hpp>

#include <doctest/doctest.h>

#include <limits>

#include <flexdnn/io/json_reader.hpp>

using namespace flexdnn;

namespace {

template <class Value>
Value read_back(const Value& value) {
  std::string text;
  append_json(text, value);
  json_reader in(text);
  Value read{};
  in.read(read);
  in.finish();
  INFO(text);
  CHECK_FALSE(in.failed());
  return read;
}

}  // namespace

TEST_CASE("io/append_json: strings") {
  for (const std::string text : {"", "plain", "a \"quoted\" \\ word", "line\nline\ttab\x01", "\xC3\xA9"}) {
    CHECK(read_back(text) == text);
  }
  std::string text = "[";
  append_json(text, std::string_view("a\x1f\"b"));
  CHECK(text == "[\"a\\u001f\\\"b\"");
}

TEST_CASE("io/append_json: numbers, as short as they are exact") {
  for (const double number : {0.0, -1.5, 0.1, 1.0 / 3, 1e-9, 6.02e23, 40551040.0,
                              -std::numeric_limits<double>::max(), -std::numeric_limits<double>::min()}) {
    CHECK(read_back(number) == number);
  }
  std::string text;
  append_json(text, 0.1);
  CHECK(text == "0.1");
}
