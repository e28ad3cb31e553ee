// SPDX-License-Identifier: MIT
// repeat: loops, their bodies and copies, and the names of rounds however they are run.
#include <flexdnn/graph/repeat.hpp>

#include <doctest/doctest.h>

#include <flexdnn/io/parameters.hpp>
#include <vector>

#include "networks.hpp"

using namespace flexdnn;
using networks::conv;
using networks::head;

namespace {

template <class... Layers>
struct stack : network<input<4, 5, 5>, Layers...> {};

/// Rounds of each loop.
template <class Network>
std::vector<int> rounds() {
  std::vector<int> all;
  for (const loop& l : lowered<Network>::loops) all.push_back(l.count);
  return all;
}

template <class Network>
std::vector<std::string> names_of_parameters() {
  std::vector<std::string> all;
  for (const named_parameter& p : parameters<Network>()) all.push_back(p.name);
  return all;
}

template <class Network>
std::size_t step_count() {
  return lowered<Network>::steps.size();
}

}  // namespace

TEST_CASE("a block that ends where it began is one body") {
  using blocks = stack<relu, repeat<9, basic_block<4>>, head>;
  CHECK(rounds<blocks>() == std::vector{9});
  CHECK(step_count<blocks>() == 1 + 2 + 2);
}

TEST_CASE("a block that cannot is two bodies in turn, and one more round where the count is odd") {
  CHECK(rounds<stack<relu, repeat<8, conv<4>>, head>>() == std::vector{4});
  CHECK(step_count<stack<relu, repeat<8, conv<4>>, head>>() == 1 + 2 + 2);
  CHECK(rounds<stack<relu, repeat<9, conv<4>>, head>>() == std::vector{4});
  CHECK(step_count<stack<relu, repeat<9, conv<4>>, head>>() == 1 + 2 + 1 + 2);
  CHECK(rounds<stack<relu, repeat<9, residual<conv<4>>>, head>>() == std::vector{4});
}

TEST_CASE("one round is no loop") {
  CHECK(rounds<stack<repeat<1, conv<4>>, head>>().empty());
  CHECK(step_count<stack<repeat<1, conv<4>>, head>>() == 3);
}

TEST_CASE("a loop on what is still needed works on a copy: the frame, a residual's or a branch's input") {
  const auto copies = []<class Network>(Network*) {
    std::size_t count = 0;
    for (const step& s : lowered<Network>::steps) count += s.lead < 0 && s.residual == -1 ? 1U : 0U;
    return count;
  };
  CHECK(copies(static_cast<stack<repeat<2, conv<4>>, head>*>(nullptr)) == 1);
  CHECK(copies(static_cast<stack<relu, residual<repeat<2, conv<4>>>, head>*>(nullptr)) == 1);
  CHECK(copies(static_cast<stack<relu, residual<repeat<2, conv<4>>, repeat<2, relu>>, head>*>(nullptr)) == 2);
  CHECK(copies(static_cast<stack<relu, exit_branch<"a", repeat<2, relu>, head>, head>*>(nullptr)) == 1);
  CHECK(copies(static_cast<stack<relu, repeat<2, conv<4>>, head>*>(nullptr)) == 0);
}

TEST_CASE("loops nest") {
  using twice = stack<relu, repeat<3, sequence<repeat<2, basic_block<4>>, relu>>, head>;
  CHECK(rounds<twice>() == std::vector{3, 2});
  CHECK(lowered<twice>::loops[1].parent == 0);
  CHECK(lowered<twice>::trunk_macs == 12U * 4 * 25 * 4 * 9 + 12);
}

TEST_CASE(
    "rounds are named as children, whether a loop runs them or not, blocks with names of their own too") {
  using blocks =
      stack<named<"a", repeat<3, named<"x", conv2d<4, bias<false>>>>>, repeat<2, repeat<2, conv<4>>>, head>;
  const std::vector<std::string> wanted{
      "a.0.x.weight", "a.1.x.weight", "a.2.x.weight", "0.0.weight", "0.0.bias",   "0.1.weight", "0.1.bias",
      "1.0.weight",   "1.0.bias",     "1.1.weight",   "1.1.bias",   "2.1.weight", "2.1.bias"};
  CHECK(names_of_parameters<blocks>() == wanted);
  CHECK(names_of_parameters<with_exits<blocks>>() == wanted);
  using parted = with_exits<blocks, at<1, exit_branch<"e", head>>, at<5, exit_branch<"f", head>>>;
  std::vector<std::string> trunk = names_of_parameters<parted>();
  REQUIRE(trunk.size() == wanted.size() + 4);
  trunk.resize(wanted.size());
  CHECK(trunk == wanted);
}
