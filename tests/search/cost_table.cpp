// SPDX-License-Identifier: MIT
// cost_table: a file reads back as it was written, and what is wrong with one is said.
#include <flexdnn/search/cost_table.hpp>

#include <doctest/doctest.h>

#include <limits>

#include "io/support.hpp"
#include "networks.hpp"

using namespace flexdnn;
using io_test::check_error;

namespace {

cost_table table_of_three() {
  return {"a \"quick\" board", "s", {"early", "late", "final"}, {{0.1, 0.25, 1.0 / 3}, {1e-3, 2e-3, 0.0}}};
}

template <class Change>
status checked(Change change) {
  cost_table t = table_of_three();
  change(t);
  return check(t);
}

status parsed(std::string_view text) {
  const io_test::temporary_directory directory;
  io_test::spill(directory.file("costs.json"), text);
  cost_table t = table_of_three();
  const status s = read_cost_table(directory.file("costs.json"), t);
  if (!s) CHECK(t.names == table_of_three().names);
  return s;
}

}  // namespace

TEST_CASE("search/cost_table: reads back as it was written") {
  const io_test::temporary_directory directory;
  const std::string path = directory.file("costs.json");
  const cost_table t = table_of_three();
  REQUIRE(write_cost_table(path, t));
  cost_table read;
  const status s = read_cost_table(path, read);
  INFO(s.message());
  REQUIRE(s);
  CHECK(read.machine == t.machine);
  CHECK(read.unit == t.unit);
  CHECK(read.names == t.names);
  CHECK(read.costs.trunk == t.costs.trunk);
  CHECK(read.costs.branch == t.costs.branch);
}

TEST_CASE("search/cost_table: may be typed by hand") {
  const io_test::temporary_directory directory;
  io_test::spill(directory.file("t"),
                 R"({"exits":[{"branch":0,"name":"final","trunk":2.5e3}],"unit":"ms","machine":"m"})");
  cost_table t;
  REQUIRE(read_cost_table(directory.file("t"), t));
  CHECK(t.costs.backbone() == 2500.0);
  CHECK(t.unit == "ms");
}

TEST_CASE("search/cost_table: costs that no planner can use") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  check_error(checked([](cost_table& t) { t = {"m", "s", {}, {}}; }), code::wrong_size, "0 names");
  check_error(checked([](cost_table& t) { t.costs.trunk.pop_back(); }), code::wrong_size,
              "3 names, 2 trunk and 3 branch costs");
  check_error(checked([](cost_table& t) { t.costs.branch.push_back(0.0); }), code::wrong_size, "4 branch");
  check_error(checked([](cost_table& t) { t.unit = ""; }), code::bad_option, "unit is empty");
  check_error(checked([](cost_table& t) { t.machine = ""; }), code::bad_option, "machine is empty");
  check_error(checked([](cost_table& t) { t.names[1] = ""; }), code::bad_option, "exit 2 of 3 has no name");
  check_error(checked([](cost_table& t) { t.names[2] = "early"; }), code::bad_option,
              "'early' stands there twice");
  check_error(checked([&](cost_table& t) { t.costs.branch[0] = nan; }), code::not_finite,
              "'early': branch is nan");
  check_error(checked([&](cost_table& t) { t.costs.trunk[1] = 1.0 / 0.0; }), code::not_finite,
              "'late': trunk is inf");
  check_error(checked([](cost_table& t) { t.costs.branch[1] = -1; }), code::bad_option,
              "branch is -1, 0 or more");
  check_error(checked([](cost_table& t) { t.costs.trunk[0] = -1; }), code::bad_option,
              "trunk is -1, 0 or more");
  check_error(checked([](cost_table& t) { t.costs.trunk[1] = 0.05; }), code::bad_option,
              "'late': trunk is 0.05, at least that of the exit before");
  const io_test::temporary_directory directory;
  check_error(write_cost_table(directory.file("t"), {}), code::wrong_size, "0 names");
  CHECK(directory.entries() == 0);
}

TEST_CASE("search/cost_table: files that are none") {
  check_error(parsed("[]"), code::malformed, "costs.json|byte 0 wants '{'");
  check_error(parsed("{}"), code::malformed, "entry 'machine' is missing");
  check_error(parsed(R"({"machine":"m","exits":[]})"), code::malformed, "entry 'unit' is missing");
  check_error(parsed(R"({"machine":"m","unit":"s","exits":[]})"), code::wrong_size, "0 names");
  check_error(parsed(R"({"machine":"m","machine":"m"})"), code::malformed, "'machine' stands there twice");
  check_error(parsed(R"({"speed":1})"), code::malformed, "unknown entry 'speed'");
  check_error(parsed(R"({"unit":7})"), code::malformed, "byte 8 wants a string");
  check_error(parsed(R"({"exits":[{"name":"a","trunk":1}]})"), code::malformed, "entry 'branch' is missing");
  check_error(parsed(R"({"exits":[{"name":"a","trunk":"1"}]})"), code::malformed,
              "wants a digit of a number");
  check_error(parsed(R"({"exits":[{"name":"a","trunk":1,"branch":NaN}]})"), code::malformed,
              "digit of a number");
  check_error(parsed(R"({"machine":"m","unit":"s","exits":[{"name":"a","trunk":1,"branch":-1}]})"),
              code::bad_option, "exit 'a': branch is -1");
  check_error(parsed(R"({"machine":"m","unit":"s","exits":[{"name":"a","trunk":1,"branch":0}]} x)"),
              code::malformed, "got 'x'");
  check_error(parsed(R"({"machine":"m",)"), code::malformed, "got the end");
  cost_table t;
  check_error(read_cost_table("/nowhere/costs.json", t), code::cannot_open, "/nowhere/costs.json");
}

TEST_CASE("search/cost_table: of this network or of another") {
  cost_table t{"m", "s", {"frame", "early", "middle", "final"}, {{0, 1, 2, 3}, {1, 1, 1, 0}}};
  CHECK(fits<networks::written>(t));
  t.names[1] = "late";
  check_error(fits<networks::written>(t), code::bad_option, "exit 2 is 'late', the network's is 'early'");
  check_error(fits<networks::written>(table_of_three()), code::wrong_size, "3 exits, the network has 4");
  t.unit = "";
  check_error(fits<networks::written>(t), code::bad_option, "unit is empty");
}
