// SPDX-License-Identifier: MIT
// named: PyTorch's names for parts, alone, in sequences, in residuals and around repeats.
#include <flexdnn/graph/named.hpp>

#include <doctest/doctest.h>

#include <flexdnn/io/parameters.hpp>
#include <string>
#include <vector>

#include "networks.hpp"

using namespace flexdnn;

namespace {

struct net
    : network<
          input<3, 4, 4>, named<"stem", conv2d<4, bias<false>>>, conv2d<4, bias<false>>,
          named<"pair", conv2d<4, bias<false>>, relu, conv2d<4, bias<false>>>,
          named<"blocks", repeat<2, residual<named<"body", conv2d<4, bias<false>>>, conv2d<4, bias<false>>>>>,
          residual<sequence<relu, conv2d<4, bias<false>>>, named<"side", conv2d<4, bias<false>>>>,
          global_average_pool, named<"a", named<"b", dense<2, bias<false>>>>> {};

}  // namespace

TEST_CASE("names override positions, and do not count as one") {
  const std::vector<std::string> wanted{"stem.weight",
                                        "0.weight",
                                        "pair.0.weight",
                                        "pair.2.weight",
                                        "blocks.0.shortcut.weight",
                                        "blocks.0.body.weight",
                                        "blocks.1.shortcut.weight",
                                        "blocks.1.body.weight",
                                        "1.side.weight",
                                        "1.1.weight",
                                        "a.b.weight"};
  std::vector<std::string> got;
  for (const named_parameter& p : parameters<net>()) got.push_back(p.name);
  CHECK(got == wanted);
}

TEST_CASE("an empty name takes a block's position out of the path, children still count from 0") {
  struct flat : network<input<3, 4, 4>, named<"", residual<named<"conv1", conv2d<3, bias<false>>>>>,
                        named<"block", named<"", conv2d<4, bias<false>>, relu, conv2d<4, bias<false>>>>,
                        global_average_pool, dense<2, bias<false>>> {};
  std::vector<std::string> got;
  for (const named_parameter& p : parameters<flat>()) got.push_back(p.name);
  CHECK(got == std::vector<std::string>{"conv1.weight", "block.0.weight", "block.2.weight", "1.weight"});
}
