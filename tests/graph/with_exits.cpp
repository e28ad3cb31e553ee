// SPDX-License-Identifier: MIT
// with_exits: inserted exits keep the trunk as it was, in any order, and cost what can be worked out by hand.
#include <flexdnn/graph/with_exits.hpp>

#include <doctest/doctest.h>

#include <flexdnn/io/parameters.hpp>

#include "networks.hpp"

using namespace flexdnn;
using networks::head;

namespace {

struct one_way : with_exits<networks::trunk, at<4, exit_branch<"a", head>>, at<8, exit_branch<"b", head>>> {};
struct other_way : with_exits<networks::trunk, at<8, exit_branch<"b", head>>, at<4, exit_branch<"a", head>>> {
};
struct in_two_steps
    : with_exits<with_exits<networks::trunk, at<8, exit_branch<"b", head>>>, at<4, exit_branch<"a", head>>> {
};

template <class Network>
void trunk_is_kept() {
  const auto before = parameters<networks::trunk>();
  const auto after = parameters<Network>();
  REQUIRE(after.size() > before.size());
  for (std::size_t i = 0; i < before.size(); ++i) {
    CHECK(after[i].name == before[i].name);
    CHECK(after[i].offset == before[i].offset);
    CHECK(after[i].extents == before[i].extents);
    CHECK_FALSE(after[i].exit);
  }
  std::size_t offset = lowered<networks::trunk>::parameters;
  for (std::size_t i = before.size(); i < after.size(); ++i) {
    CHECK(after[i].exit);
    CHECK(after[i].offset == offset);
    CHECK(after[i].name.starts_with("exits."));
    offset += after[i].size;
  }
  CHECK(offset == lowered<Network>::parameters);
  CHECK(lowered<Network>::trunk_parameters == lowered<networks::trunk>::parameters);
  CHECK(lowered<Network>::trunk_macs == lowered<networks::trunk>::trunk_macs);
  CHECK(lowered<Network>::cuts.size() == lowered<networks::trunk>::cuts.size());
  for (std::size_t i = 0; i < lowered<Network>::cuts.size(); ++i) {
    CHECK(lowered<Network>::cuts[i].where.view() == lowered<networks::trunk>::cuts[i].where.view());
    CHECK(lowered<Network>::cuts[i].macs == lowered<networks::trunk>::cuts[i].macs);
  }
}

}  // namespace

TEST_CASE("names, offsets, cut points and cost of the trunk stay") {
  trunk_is_kept<one_way>();
  trunk_is_kept<in_two_steps>();
  trunk_is_kept<networks::inserted>();
}

TEST_CASE("the order of at<> is free, and with_exits of with_exits is one") {
  for (const auto* exits :
       {&lowered<one_way>::exits, &lowered<other_way>::exits, &lowered<in_two_steps>::exits}) {
    REQUIRE(exits->size() == 3);
    CHECK((*exits)[0].name == "a");
    CHECK((*exits)[1].name == "b");
    CHECK((*exits)[2].name == "final");
    CHECK((*exits)[0].cut == 4);
    CHECK((*exits)[1].cut == 8);
    CHECK((*exits)[1].macs == lowered<one_way>::exits[1].macs);
  }
  static_assert(one_way::exit_count == 3);
}

TEST_CASE("multiply-accumulates of each path, earlier branches included") {
  const std::uint64_t stem = 6 * 30 * 3 * 9, convolution = 6 * 30 * 6 * 9, branch = 6 * 3;
  const auto& exits = lowered<one_way>::exits;
  CHECK(exits[0].branch_macs == branch);
  CHECK(exits[0].trunk_macs == stem + 3 * 2 * convolution);
  CHECK(exits[0].macs == stem + 3 * 2 * convolution + branch);
  CHECK(exits[1].macs == stem + (5 * 2 + 2) * convolution + 2 * branch);
  CHECK(exits[2].macs == stem + (5 * 2 + 4 + 3 * 2 - 3) * convolution + 3 * branch);
}

TEST_CASE("two exits at one cut point follow each other") {
  const auto& exits = lowered<networks::inserted>::exits;
  CHECK(exits[1].name == "a");
  CHECK(exits[2].name == "b");
  CHECK(exits[1].cut == exits[2].cut);
  CHECK(exits[2].first == exits[2].branch_first);
  CHECK(exits[1].input == exits[2].input);
}
