// SPDX-License-Identifier: MIT
// scenes8 and vehicles: costs counted by hand, one class a name.
#include <flexdnn/models/scenes8.hpp>

#include <doctest/doctest.h>

#include <flexdnn/flexdnn.hpp>
#include <flexdnn/models/vehicles.hpp>

using namespace flexdnn;

TEST_CASE("a ResNet for scenes costs what its layers cost") {
  using net = scenes8_resnet<14>;
  // First convolution at 32 pixels, then three stages as of a CIFAR ResNet, whose first has no smaller map.
  constexpr std::uint64_t stem = 9 * 16 * 32 * 32, stage = 9 * 16 * 16 * 32 * 32;
  constexpr std::uint64_t narrowing =
      stage / 2;  // half as many inputs, a quarter of the pixels, twice the outputs
  static_assert(lowered<net>::trunk_macs == stem + 4 * stage + 2 * (narrowing + 3 * stage) + 64 * 8);
  static_assert(lowered<net>::classes == static_cast<int>(scenes8::classes.size()));
  static_assert(scenes8::frame == shape{1, 64, 64});
  CHECK(lowered<net>::parameters == 9 * 16 + 4 * 9 * 16 * 16 + 9 * 16 * 32 + 3 * 9 * 32 * 32 + 9 * 32 * 64 +
                                        3 * 9 * 64 * 64 + 4 * (16 + 4 * 16 + 4 * 32 + 4 * 64) + 65 * 8);
  static_assert(resnet_cifar<14, 2>::frame == vehicles::frame);
  static_assert(lowered<resnet_cifar<14, 2>>::classes == static_cast<int>(vehicles::classes.size()));
}
