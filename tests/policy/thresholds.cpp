// SPDX-License-Identifier: MIT
// thresholds: exactly as many as given, from numbers or from an array.
#include <flexdnn/policy/thresholds.hpp>

#include "policies.hpp"

using namespace flexdnn;

TEST_CASE("counts are types") {
  static_assert(std::is_same_v<decltype(thresholds{0.5F, 0.25}), thresholds<2>>);
  static_assert(std::is_same_v<decltype(thresholds{}), thresholds<0>>);
  static_assert(std::is_same_v<decltype(thresholds{std::array{0.1F, 0.2F, 0.3F}}), thresholds<3>>);
  static_assert(std::is_constructible_v<thresholds<2>, float, float>);
  static_assert(!std::is_constructible_v<thresholds<2>, float>);
  static_assert(!std::is_constructible_v<thresholds<2>, float, float, float>);
  CHECK(thresholds{0.5F, 0.25}.values == std::array{0.5F, 0.25F});
  CHECK(thresholds{std::array{0.1F, 0.2F, 0.3F}}.values[2] == 0.3F);
}
