// SPDX-License-Identifier: MIT
// shape: sizes, equality, and use as a template argument.
#include <flexdnn/core/shape.hpp>

#include <doctest/doctest.h>

#include <type_traits>

using flexdnn::shape;

namespace {

template <shape Shape>
struct tagged {};

}  // namespace

TEST_CASE("extents") {
  constexpr shape s{3, 4, 5};
  static_assert(s.size() == 60 && s.pixels() == 20);
  static_assert(shape{7} == shape{7, 1, 1});
  static_assert(shape{}.size() == 0);
  static_assert(std::is_same_v<tagged<shape{1, 2, 3}>, tagged<shape{1, 2, 3}>>);
  static_assert(!std::is_same_v<tagged<shape{1, 2, 3}>, tagged<shape{1, 3, 2}>>);
  // Products beyond 2^31 are counted, not wrapped.
  CHECK(shape{65536, 256, 256}.size() == std::size_t{1} << 32);
  CHECK(s != shape{3, 5, 4});
}
