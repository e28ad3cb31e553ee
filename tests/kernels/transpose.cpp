// SPDX-License-Identifier: MIT
// transpose: each element's place, and that one order undoes the other.
#include <doctest/doctest.h>

#include <cstddef>
#include <flexdnn/kernels/transpose.hpp>
#include <random>

#include "../reference.hpp"
#include "guarded.hpp"

TEST_CASE("to_channels_first moves (h,w,c) to (c,h,w), and to_channels_last undoes it") {
  std::mt19937 random(1);
  for (const flexdnn::shape s :
       {flexdnn::shape{1, 1, 1}, {3, 5, 7}, {17, 1, 4}, {8, 8, 1}, {64, 8, 8}, {5, 1, 1}}) {
    const auto values = reference::uniform(s.size(), random);
    const guarded in(values, random);
    guarded first(s.size(), 9.0f, random);
    guarded back(s.size(), 9.0f, random);
    flexdnn::to_channels_first(s, in.data(), first.data());
    flexdnn::to_channels_last(s, first.data(), back.data());
    bool placed = true;
    for (int c = 0; c < s.channels; ++c) {
      for (int h = 0; h < s.height; ++h) {
        for (int w = 0; w < s.width; ++w) {
          const auto to = static_cast<std::size_t>((c * s.height + h) * s.width + w);
          placed = placed && first[to] == values[reference::at(s, c, h, w)];
        }
      }
    }
    CHECK(placed);
    CHECK(back.holds(values));
    CHECK((in.edges_intact() && first.edges_intact() && back.edges_intact()));
  }
}
