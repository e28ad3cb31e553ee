// SPDX-License-Identifier: MIT
// Laws of io/safetensors_header: every way in which a header can be wrong has its code and its sentence.
#include <doctest/doctest.h>

#include <cstdint>
#include <flexdnn/io/safetensors_header.hpp>
#include <string>
#include <string_view>

#include "support.hpp"

using namespace flexdnn;
using io_test::check_error;

namespace {
struct wrong {
  std::string text;
  std::uint64_t data_size;
  flexdnn::code code;
  const char* fragments;
};

/// Each header is refused as told, and what was parsed before stays.
void check_all(std::initializer_list<wrong> cases) {
  safetensors_header header;
  REQUIRE(safetensors_header::parse(R"({"kept":{"dtype":"U8","shape":[],"data_offsets":[0,1]}})", 1, header));
  for (const wrong& c : cases) {
    INFO("header: ", c.text);
    check_error(safetensors_header::parse(c.text, c.data_size, header), c.code, c.fragments);
    REQUIRE(header.entries.size() == 1);
    CHECK(header.entries[0].name == "kept");
  }
}

/// A header of one F32 tensor "a" with that shape and those offsets.
std::string one(const std::string& shape, const std::string& offsets, const std::string& type = "F32") {
  return R"({"a":{"dtype":")" + type + R"(","shape":)" + shape + R"(,"data_offsets":)" + offsets + "}}";
}

/// U8 tensors a, b, c, ... with those begins and ends.
std::string tiles(std::initializer_list<std::pair<int, int>> places) {
  std::string text = "{";
  char name = 'a';
  for (const auto& [begin, end] : places) {
    if (name > 'a') text += ',';
    text += std::string("\"") + name++ + R"(":{"dtype":"U8","shape":[)" + std::to_string(end - begin) +
            R"(],"data_offsets":[)" + std::to_string(begin) + ',' + std::to_string(end) + "]}";
  }
  return text + "}";
}
}  // namespace

TEST_CASE("io/safetensors_header: any key order, white space, escapes, metadata anywhere") {
  safetensors_header header;
  const status s = safetensors_header::parse(
      "{ \"\\u0061.b\" :\n{\"data_offsets\":[ 8 , 20 ],\"dtype\":\"F32\", \"shape\":[3,1]} ,\t"
      "\"__metadata__\":{\"k\":\"v\\n\"}, \"z\":{\"shape\":[],\"data_offsets\":[0,8],\"dtype\":\"I64\"}}   ",
      20, header);
  INFO(s.message());
  REQUIRE(s);
  REQUIRE(header.entries.size() == 2);
  CHECK(header.entries[0].name == "z");
  CHECK(header.entries[0].type == dtype::i64);
  CHECK(header.entries[0].shape.empty());
  CHECK(header.entries[1].name == "a.b");
  CHECK(header.entries[1].shape == std::vector<std::uint64_t>{3, 1});
  CHECK(header.entries[1].begin == 8);
  CHECK(header.entries[1].end == 20);
  REQUIRE(header.metadata.size() == 1);
  CHECK(header.metadata[0].value == "v\n");
}

TEST_CASE("io/safetensors_header: no tensors at all, and tensors without elements") {
  safetensors_header header;
  CHECK(safetensors_header::parse("{}", 0, header));
  CHECK(header.entries.empty());
  CHECK(safetensors_header::parse(tiles({{0, 0}, {0, 4}, {4, 4}}), 4, header));
  CHECK(safetensors_header::parse(one("[0,18446744073709551615]", "[0,0]"), 0, header));
  CHECK(safetensors_header::parse(one("[1,1,1,1,1,1,1,1]", "[0,4]"), 4, header));
}

TEST_CASE("io/safetensors_header: JSON that does not follow the format") {
  const std::string deep(100'000, '['), deeper = "{\"a\":" + std::string(100'000, '{');
  check_all(
      {{"", 0, code::malformed, "header: byte 8 wants '{', got the end"},
       {"{", 0, code::malformed, "byte 9 wants a string, got the end"},
       {"[]", 0, code::malformed, "byte 8 wants '{', got '['"},
       {"{}x", 0, code::malformed, "wants the end of the header, got 'x'"},
       {"{},", 0, code::malformed, "wants the end of the header"},
       {deep, 0, code::malformed, "byte 8 wants '{'"},
       {deeper, 0, code::malformed, "tensor 'a': byte 14 wants a string, got '{'"},
       {"{\"a\":" + deep, 0, code::malformed, "tensor 'a': byte 13 wants '{', got '['"},
       {one("[[1]]", "[0,4]"), 4, code::malformed, "tensor 'a': byte|wants a whole number, got '['"},
       {R"({"a":null})", 0, code::malformed, "tensor 'a': byte 13 wants '{', got 'n'"},
       {R"({"a":{"dtype":4}})", 0, code::malformed, "tensor 'a': byte 22 wants a string, got '4'"},
       {R"({a:1})", 0, code::malformed, "byte 9 wants a string, got 'a'"},
       {R"({"\ud800":{}})", 0, code::malformed, "wants a low surrogate"},
       {std::string("{\"a\0b\":{}}", 10), 0, code::malformed, "no control character in a string, got 0x00"},
       {R"({"__metadata__":{"k":1}})", 0, code::malformed, "wants a string, got '1'"},
       {R"({"__metadata__":{"k":{"k":"v"}}})", 0, code::malformed, "wants a string, got '{'"},
       {R"({"__metadata__":{},"__metadata__":{}})", 0, code::malformed, "__metadata__ occurs twice"},
       {R"({"__metadata__":{"k":"v","j":"v","k":"w"}})", 0, code::malformed,
        "metadata key 'k' occurs twice"}});
}

TEST_CASE("io/safetensors_header: fields of a tensor") {
  check_all(
      {{R"({"a":{}})", 0, code::malformed, "tensor 'a': has no dtype"},
       {R"({"a":{"dtype":"F32","data_offsets":[0,4]}})", 4, code::malformed, "tensor 'a': has no shape"},
       {R"({"a":{"dtype":"F32","shape":[]}})", 4, code::malformed, "tensor 'a': has no data_offsets"},
       {R"({"a":{"stride":[1]}})", 0, code::malformed, "tensor 'a': got the field 'stride', wanted dtype"},
       {R"({"a":{"dtype":"F32","dtype":"F32"}})", 0, code::malformed, "got the field 'dtype' again"},
       {one("[1]", "[0]"), 4, code::malformed, "wants ',', got ']'"},
       {one("[1]", "[0,4,8]"), 4, code::malformed, "wants ']', got ','"},
       {one("[1]", "[-4,0]"), 4, code::malformed, "wants a whole number, got '-'"},
       {one("[1.0]", "[0,4]"), 4, code::malformed, "wants ',', got '.'"},
       {one("[1]", "[0,4]", "F8_E4M3"), 4, code::wrong_type,
        "tensor 'a': got element type 'F8_E4M3', wanted F64, F32"},
       {one("[1]", "[0,4]", "\\u001b[2J"), 4, code::wrong_type, "element type '\\x1b[2J'"},
       {one("[1,1,1,1,1,1,1,1,1]", "[0,4]"), 4, code::malformed, "more than 8 dimensions"}});
}

TEST_CASE("io/safetensors_header: sizes and places") {
  check_all(
      {{one("[9223372036854775808]", "[0,4]"), 4, code::wrong_size,
        "'a': F32 [9223372036854775808] has 2^64 bytes"},
       {one("[4294967296,4294967296]", "[0,0]"), 0, code::wrong_size, "2^64 bytes or more"},
       {one("[2147483648,2147483648]", "[0,0]"), 0, code::wrong_size, "2^64 bytes or more"},
       {one("[18446744073709551616]", "[0,0]"), 0, code::malformed, "a number below 2^64"},
       {one("[2,3]", "[0,20]"), 20, code::wrong_size,
        "tensor 'a': data_offsets [0,20] hold 20 bytes, F32 [2,3] wants 24"},
       {one("[]", "[0,0]"), 0, code::wrong_size, "F32 [] wants 4"},
       {one("[1]", "[4,0]"), 4, code::malformed, "data_offsets [4,0] end before they begin"},
       {one("[1]", "[18446744073709551612,18446744073709551615]", "U8"), 4, code::wrong_size, "hold 3 bytes"},
       {one("[3]", "[18446744073709551612,18446744073709551615]", "U8"), 4, code::truncated,
        "tensor 'a': ends at byte 18446744073709551615 of the data, the file holds 4"},
       {one("[4]", "[0,16]"), 15, code::truncated, "ends at byte 16 of the data, the file holds 15"},
       {one("[4]", "[0,16]"), 17, code::wrong_size,
        "the tensors end at byte 16 of the data, the file holds 17"},
       {"{}", 1, code::wrong_size, "end at byte 0 of the data, the file holds 1"},
       {one("[1]", "[4,8]"), 8, code::malformed, "'a': begins at byte 4|leaves a hole after|ends at 0"},
       {tiles({{0, 4}, {5, 8}}), 8, code::malformed, "'b': begins at byte 5|leaves a hole after|ends at 4"},
       {tiles({{0, 4}, {3, 8}}), 8, code::malformed, "'b': begins at byte 3|overlaps|ends at 4"},
       {tiles({{0, 8}, {0, 8}}), 8, code::malformed, "'b': begins at byte 0|overlaps|ends at 8"},
       {tiles({{0, 8}, {4, 4}}), 8, code::malformed, "'b'|overlaps"}});
}

TEST_CASE("io/safetensors_header: a name twice, spelt alike or by escapes") {
  const std::string first = R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},)";
  const std::string second = R"(:{"dtype":"U8","shape":[1],"data_offsets":[1,2]}})";
  check_all({{first + R"("a")" + second, 2, code::malformed, "the tensor 'a' occurs twice"},
             {first + R"("\u0061")" + second, 2, code::malformed, "the tensor 'a' occurs twice"}});
}

TEST_CASE("io/safetensors_header: long and unprintable names are cut and escaped in sentences") {
  const std::string tail = R"(":{"dtype":"U8","shape":[1],"data_offsets":[0,2]}})";
  check_all({{"{\"" + std::string(5000, 'n') + tail, 2, code::wrong_size,
              "tensor 'nnnn|n...': data_offsets [0,2] hold"},
             {"{\"\\u0000\\u001b" + tail, 2, code::wrong_size, "tensor '\\x00\\x1b': "},
             {"{\"\xC3\xA9" + tail, 2, code::wrong_size, "tensor '\\xc3\\xa9': "}});
}
