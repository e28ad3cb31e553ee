// SPDX-License-Identifier: MIT
// power_trace: the integral of straight lines is exact and adds up; what is no trace is told by its line.
#include <flexdnn/energy/power_trace.hpp>

#include <doctest/doctest.h>

#include "../io/support.hpp"

using namespace flexdnn;
using namespace io_test;

TEST_CASE("joules between two moments, between rows and across them") {
  const temporary_directory folder;
  spill(folder.file("trace.csv"), "time,power\n# a meter\n10,5\n20,5\r\n30,15\n31,0\n");
  power_trace trace;
  REQUIRE(trace.load(folder.file("trace.csv")));
  const auto joules = [&](double from, double to) {
    double j = -1.0;
    CHECK(trace.read(from, to, j));
    return j;
  };
  CHECK(joules(10, 20) == doctest::Approx(50));
  CHECK(joules(20, 30) == doctest::Approx(100));
  CHECK(joules(25, 27) == doctest::Approx(2 * 11));
  CHECK(joules(10, 31) == doctest::Approx(157.5));
  CHECK(joules(12.5, 12.5) == 0.0);
  for (const double middle : {11.0, 20.0, 29.9, 30.7}) {
    CHECK(joules(10, middle) + joules(middle, 31) == doctest::Approx(157.5));
  }
  double j = 3.0;
  check_error(trace.read(9, 12, j), code::bad_option, "9 to 12 seconds, recorded are 10 to 31");
  CHECK(trace.read(12, 32, j).code() == code::bad_option);
  CHECK(trace.read(13, 12, j).code() == code::bad_option);
  CHECK(j == 3.0);
  CHECK(power_trace{}.read(0, 0, j).code() == code::bad_option);
}

TEST_CASE("wrong rows are told, and the trace stays as it was") {
  const temporary_directory folder;
  const std::string path = folder.file("trace.csv");
  power_trace trace;
  spill(path, "0,1\n2,1\n");
  REQUIRE(trace.load(path));
  const auto refused = [&](std::string_view text, code what, std::string_view says) {
    spill(path, text);
    check_error(trace.load(path), what, says);
  };
  refused("0,1\n1;2\n", code::malformed, "line 2 is '1;2'|seconds above 0");
  refused("0,1\n1,2,3\n2,1\n", code::malformed, "line 2");
  refused("0,1\n5,1\n4,1\n", code::malformed, "line 3 is '4,1'|above 5");
  refused("0,1\n1,nan\n", code::malformed, "line 2");
  refused("seconds,watts\n", code::truncated, "0 rows");
  refused("1,1\n", code::truncated, "1 rows");
  refused("", code::truncated, "empty");
  check_error(trace.load(folder.file("missing")), code::cannot_open, "No such file");
  double joules = 0.0;
  CHECK(trace.read(0, 2, joules));
  CHECK(joules == doctest::Approx(2));
}
