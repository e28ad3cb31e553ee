// SPDX-License-Identifier: MIT
// Laws of io/text_table: columns line up, no line passes the limit, numbers read as people write them.
#include <doctest/doctest.h>

#include <flexdnn/io/text_table.hpp>

using namespace flexdnn;
using side = text_table::side;

TEST_CASE("io/text_table: numbers are grouped by three digits") {
  CHECK(grouped(0) == "0");
  CHECK(grouped(999) == "999");
  CHECK(grouped(1'000) == "1,000");
  CHECK(grouped(40'551'040) == "40,551,040");
  CHECK(grouped(~std::uint64_t{0}) == "18,446,744,073,709,551,615");
}

TEST_CASE("io/text_table: shares have one decimal, and none exists of nothing") {
  CHECK(percent(1.0, 8.0) == "12.5 %");
  CHECK(percent(3.0, 2.0) == "150.0 %");
  CHECK(percent(0.0, 5.0) == "0.0 %");
  CHECK(percent(1.0, 0.0) == "-");
}

TEST_CASE("io/text_table: columns are as wide as their widest cell, two spaces apart") {
  text_table table({{"#"}, {"layer", side::left}, {"MACs"}});
  table.row({"1", "conv", "12"});
  table.row({"10", "batch_norm", "1,234"});
  table.line("a line across");
  table.row({"11"});
  CHECK(table.text() ==
        " #  layer        MACs\n"
        " 1  conv           12\n"
        "10  batch_norm  1,234\n"
        "a line across\n"
        "11\n");
}

TEST_CASE("io/text_table: past the limit the first left column keeps the ends of its cells") {
  text_table table({{"#"}, {"layer", side::left}, {"type", side::left}}, 30);
  table.row({"1", "a.path.of.many.components.weight", "convolution"});
  table.row({"2", "short", "x"});
  CHECK(table.text() ==
        "#  layer           type\n"
        "1  ..nents.weight  convolution\n"
        "2  short           x\n");
}

TEST_CASE("io/text_table: cells beyond the columns are dropped") {
  text_table table({{"a"}, {"b"}});
  table.row({"1", "2", "3"});
  CHECK(table.text() == "a  b\n1  2\n");
}
