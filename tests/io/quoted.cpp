// SPDX-License-Identifier: MIT
// Laws of io/quoted: printable whatever comes in, never longer than promised, the right end kept.
#include <doctest/doctest.h>

#include <algorithm>
#include <flexdnn/io/quoted.hpp>
#include <random>
#include <string>

using namespace flexdnn;

TEST_CASE("io/quoted: plain text stands as it is, everything else as \\xNN") {
  CHECK(std::string(quoted("layer1.0.conv1.weight").text()) == "'layer1.0.conv1.weight'");
  CHECK(std::string(quoted("").text()) == "''");
  CHECK(std::string(quoted(std::string_view("a\0\x1b[2J\xff", 7)).text()) == "'a\\x00\\x1b[2J\\xff'");
  CHECK(std::string(quoted("it's a \\").text()) == "'it\\x27s a \\x5c'");
}

TEST_CASE("io/quoted: a long text keeps the end that was asked for") {
  CHECK(std::string(quoted<10>("0123456789").text()) == "'0123456789'");
  CHECK(std::string(quoted<10>("0123456789a").text()) == "'0123456...'");
  CHECK(std::string(quoted<10>("0123456789a", keep::back).text()) == "'...456789a'");
  CHECK(std::string(quoted<10>("/long/way/\n.bin", keep::back).text()) == "'....bin'");
}

TEST_CASE("io/quoted: random bytes give printable text within the limit") {
  std::mt19937 random(3);
  for (int i = 0; i < 2000; ++i) {
    std::string name(random() % 60, ' ');
    for (char& c : name) c = static_cast<char>(random() % 256);
    for (const keep end : {keep::front, keep::back}) {
      const std::string text = quoted<20>(name, end).text();
      CHECK(text.size() <= 22);
      CHECK(text.size() >= 2);
      CHECK(std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; }));
    }
  }
}
