// SPDX-License-Identifier: MIT
// Laws of io/json_reader: what JSON allows is taken, what it forbids is told with its place.
#include <doctest/doctest.h>

#include <cstdint>
#include <flexdnn/io/json_reader.hpp>
#include <string>
#include <utility>

#include "support.hpp"

using namespace flexdnn;
using io_test::check_error;

namespace {
std::string read_string(std::string_view text) {
  json_reader in(text);
  std::string value;
  in.read(value);
  in.finish();
  INFO(in.failure().message());
  CHECK_FALSE(in.failed());
  return value;
}

template <class Value>
status refusal(std::string_view text) {
  json_reader in(text);
  Value value{};
  in.read(value);
  in.finish();
  return in.failure();
}
}  // namespace

TEST_CASE("io/json_reader: strings and their escapes") {
  CHECK(read_string(R"("")").empty());
  CHECK(read_string(R"( "a b" )") == "a b");
  CHECK(read_string(R"("\"\\\/\b\f\n\r\t")") == "\"\\/\b\f\n\r\t");
  CHECK(read_string(R"("\u0041\u00e9\u20AC")") == "A\xC3\xA9\xE2\x82\xAC");
  CHECK(read_string(R"("\ud83d\ude00")") == "\xF0\x9F\x98\x80");
  CHECK(read_string("\"\xF0\x9F\x98\x80\"") == "\xF0\x9F\x98\x80");
  CHECK(read_string(R"("a\u0000b")") == std::string("a\0b", 3));
}

TEST_CASE("io/json_reader: strings that are refused") {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {R"("open)", "byte 5 wants the closing quote|end of the header"},
      {R"("a\x")", "byte 3 wants one of|got 'x'"},
      {R"("a\)", "byte 3 wants one of|end of the header"},
      {R"("\u12g4")", "byte 5 wants four hexadecimal digits, got 'g'"},
      {R"("\ud83d")", "byte 7 wants a low surrogate"},
      {R"("\ud83d\u0041")", "wants a low surrogate"},
      {R"("\ude00")", "wants a high surrogate"},
      {R"("\ud83d\ud83d")", "wants a low surrogate"},
      {"\"a\nb\"", "byte 2 wants no control character|0x0a"},
      {std::string_view("\"a\0b\"", 5), "byte 2 wants no control character in a string, got 0x00"},
      {"\"\xC0\x80\"", "byte 1 wants UTF-8 in a string, got 0xc0"},
      {"\"\xED\xA0\x80\"", "wants UTF-8"},
      {"\"a\xE2\x82\"", "byte 2 wants UTF-8"},
      {"", "byte 0 wants a string, got the end of the header"},
      {"12", "byte 0 wants a string, got '1'"},
      {R"("a" x)", "byte 4 wants the end of the header, got 'x'"}};
  for (const auto& [text, fragments] : cases)
    check_error(refusal<std::string>(text), code::malformed, fragments);
}

TEST_CASE("io/json_reader: whole numbers up to 2^64 - 1, and nothing else") {
  for (const std::uint64_t value : {UINT64_C(0), UINT64_C(7), UINT64_C(10), UINT64_C(1) << 63, UINT64_MAX}) {
    const std::string text = std::to_string(value);
    json_reader in(text);
    std::uint64_t read = 1;
    in.read(read);
    in.finish();
    CHECK_FALSE(in.failed());
    CHECK(read == value);
  }
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"18446744073709551616", "a number below 2^64"},
      {"99999999999999999999999", "a number below 2^64"},
      {"-1", "byte 0 wants a whole number, got '-'"},
      {"1.5", "byte 1 wants the end of the header, got '.'"},
      {"1e3", "byte 1 wants the end of the header, got 'e'"},
      {"007", "without leading zeros"},
      {"null", "a whole number, got 'n'"},
      {"", "a whole number, got the end"}};
  for (const auto& [text, fragments] : cases)
    check_error(refusal<std::uint64_t>(text), code::malformed, fragments);
}

TEST_CASE("io/json_reader: numbers with sign, fraction and exponent, as RFC 8259 writes them") {
  const std::pair<std::string_view, double> good[] = {
      {"0", 0.0},         {"-0.5", -0.5}, {"12", 12.0},       {"1.25e2", 125.0}, {"1E-3", 0.001},
      {"2e+1", 20.0},     {"0e5", 0.0},   {" 1.5 ", 1.5},     {"0.1", 0.1},      {"1e308", 1e308},
      {"5e-324", 5e-324}, {"0.000", 0.0}, {"100.250", 100.25}};
  for (const auto& [text, value] : good) {
    json_reader in(text);
    double read = -1.0;
    in.read(read);
    in.finish();
    INFO(in.failure().message());
    CHECK_FALSE(in.failed());
    CHECK(read == value);
  }
  const std::pair<std::string_view, std::string_view> bad[] = {
      {".5", "byte 0 wants a digit"},       {"1.", "byte 2 wants a digit|got the end"},
      {"+1", "byte 0 wants a digit"},       {"01", "without leading zeros"},
      {"-01", "without leading zeros"},     {"-", "byte 1 wants a digit"},
      {"1e", "byte 2 wants a digit"},       {"1e+", "byte 3 wants a digit"},
      {"nan", "a digit of a number"},       {"Infinity", "a digit of a number"},
      {"1e309", "within a double's range"}, {"1e-400", "within a double's range"},
      {"0x10", "the end of the header"},    {"1,5", "byte 1 wants the end of the header"},
      {"", "a digit of a number"}};
  for (const auto& [text, fragments] : bad) check_error(refusal<double>(text), code::malformed, fragments);
}

TEST_CASE("io/json_reader: lists with white space; commas where they belong") {
  const auto sum = [](std::string_view text, std::uint64_t& total) {
    json_reader in(text, 100);
    in.open('[');
    total = 0;
    while (in.more(']')) {
      std::uint64_t value = 0;
      in.read(value);
      total += value;
    }
    in.finish();
    return in.failure();
  };
  std::uint64_t total = 1;
  CHECK(sum("[]", total));
  CHECK(total == 0);
  CHECK(sum(" [ 1 ,\n2\t,\r3 ] ", total));
  CHECK(total == 6);
  check_error(sum("[1,]", total), code::malformed, "byte 103 wants a whole number, got ']'");
  check_error(sum("[,1]", total), code::malformed, "byte 101 wants a whole number, got ','");
  check_error(sum("[1 2]", total), code::malformed, "byte 103 wants ',', got '2'");
  check_error(sum("[1,2", total), code::malformed, "byte 104 wants ',', got the end");
  check_error(sum("[1}", total), code::malformed, "byte 102 wants ',', got '}'");
  check_error(sum("{1]", total), code::malformed, "byte 100 wants '[', got '{'");
}

TEST_CASE("io/json_reader: the first failure sticks and later calls do nothing") {
  json_reader in("x [1]");
  std::uint64_t value = 42;
  in.read(value);
  const std::string first = in.failure().message();
  in.open('[');
  CHECK_FALSE(in.more(']'));
  in.read(value);
  in.finish();
  CHECK(value == 42);
  CHECK(in.failure().message() == first);
}
