// SPDX-License-Identifier: MIT
// border: every element of every band is the input's element there, or 0 outside, and fits the scratch.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <flexdnn/kernels/border.hpp>
#include <random>

#include "../reference.hpp"
#include "guarded.hpp"

TEST_CASE("a bordered band holds what its output rows read") {
  std::mt19937 random(1);
  for (int n = 0; n < 200; ++n) {
    const flexdnn::convolution c = reference::random_convolution(random);
    if (c.depthwise() || !c.padded()) continue;
    const auto in = reference::uniform(c.in.size(), random);
    guarded band(flexdnn::scratch_size(c), 5.0f, random);
    const int most = flexdnn::band_rows(c);
    for (int first = 0; first < c.out.height; first += most) {
      const int rows = std::min(most, c.out.height - first);
      flexdnn::detail::copy_bordered(c, in.data(), first, rows, band.data());
      bool same = true;
      std::size_t at = 0;
      for (int h = 0; h < (rows - 1) * c.stride_h + (c.kernel_h - 1) * c.dilation_h + 1; ++h) {
        for (int w = 0; w < c.in.width + 2 * c.padding_w; ++w) {
          for (int channel = 0; channel < c.in.channels; ++channel) {
            const int row = first * c.stride_h + h - c.padding_h;
            const int column = w - c.padding_w;
            const bool inside = reference::inside(c.in, row, column);
            same = same && band[at++] == (inside ? in[reference::at(c.in, channel, row, column)] : 0.0f);
          }
        }
      }
      CHECK(same);
      CHECK(at <= band.size());
    }
    CHECK(band.edges_intact());
  }
}
