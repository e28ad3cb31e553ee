// SPDX-License-Identifier: MIT
// dropout is nothing at inference: no step, no memory, no gap in a fused group.
#include <doctest/doctest.h>

#include "network_laws.hpp"

using namespace flexdnn;

namespace {

struct dropping : network<input<3, 4, 4>, dropout<>, conv2d<4, kernel<3>>, dropout<std::ratio<1, 5>>,
                          batch_norm, dropout<>, relu, flatten, dense<3>, dropout<>> {};

}  // namespace

TEST_CASE("identity at inference") {
  network_laws<dropping>();
  using low = lowered<dropping>;
  static_assert(dropout<std::ratio<1, 5>>::probability == 0.2);
  CHECK(low::nodes.size() == 9);
  CHECK(low::steps.size() == 3);  // convolution with batch norm and relu, flatten, dense
  CHECK(low::nodes[0].step == -1);
  CHECK(low::nodes[5].step == 0);
}
