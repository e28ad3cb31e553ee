// SPDX-License-Identifier: MIT
// window: the clipped range is exactly the taps that fall inside the axis.
#include <doctest/doctest.h>

#include <flexdnn/kernels/window.hpp>

TEST_CASE("clip keeps exactly the taps inside the axis") {
  for (int extent = 1; extent < 8; ++extent) {
    for (int kernel = 1; kernel < 6; ++kernel) {
      for (int dilation = 1; dilation < 4; ++dilation) {
        for (int origin = -17; origin < 12; ++origin) {
          const auto [first, last] = flexdnn::detail::clip(origin, kernel, dilation, extent);
          bool exact = first <= last;
          for (int u = 0; u < kernel; ++u) {
            const int at = origin + u * dilation;
            exact = exact && (at >= 0 && at < extent) == (u >= first && u < last);
          }
          CHECK(exact);
        }
      }
    }
  }
}
