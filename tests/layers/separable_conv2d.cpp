// SPDX-License-Identifier: MIT
// separable_conv2d equals its two parts, shares its bias option with both and names them.
#include <doctest/doctest.h>

#include "network_laws.hpp"

using namespace flexdnn;

namespace {

struct with_bias
    : network<input<5, 7, 6>, separable_conv2d<9, kernel<3>, stride<2>>, relu, flatten, dense<3>> {};
struct without_bias
    : network<input<8, 5, 5>, separable_conv2d<4, bias<false>, kernel<3>>, batch_norm, flatten, dense<3>> {};

}  // namespace

TEST_CASE("outputs, shape, cost and names") {
  network_laws<with_bias>();
  network_laws<without_bias>();
  using low = lowered<with_bias>;
  CHECK(low::nodes[0].where.view() == "0.depthwise");
  CHECK(low::nodes[1].where.view() == "0.pointwise");
  CHECK(low::nodes[1].out == shape{9, 4, 3});
  CHECK(low::nodes[0].macs == 5 * 4 * 3 * 9);
  CHECK(low::nodes[1].macs == 9 * 4 * 3 * 5);
  CHECK(low::nodes[0].parameters == 5 * 9 + 5);
  CHECK(low::nodes[1].parameters == 5 * 9 + 9);
  CHECK(lowered<without_bias>::nodes[0].parameters == 8 * 9);
  CHECK(lowered<without_bias>::nodes[1].parameters == 8 * 4);
}
