// SPDX-License-Identifier: MIT
// Laws of cut_out: exactly the square changes, to each channel's mean; what lies outside the image is no
// matter.
#include <doctest/doctest.h>

#include <flexdnn/train/cut_out.hpp>
#include <vector>

using namespace flexdnn;

TEST_CASE("the square that lies inside is filled with the channel's mean, all else stays") {
  constexpr shape extent{2, 6, 9};
  // Means of 10 and 201; no pixel has its channel's.
  std::vector<std::uint8_t> image(extent.size());
  for (std::size_t i = 0; i < image.size(); ++i) {
    image[i] = static_cast<std::uint8_t>((i < 54 ? 10 : 201) + (i % 2 == 0 ? 7 : -7));
  }
  for (const int side : {0, 1, 2, 3, 6, 20}) {
    for (const int row : {0, 3, 5}) {
      for (const int column : {0, 4, 8}) {
        std::vector<std::uint8_t> cut = image;
        cut_out(side, row, column, extent, cut);
        for (int c = 0; c < 2; ++c) {
          for (int r = 0; r < 6; ++r) {
            for (int q = 0; q < 9; ++q) {
              const bool inside = r >= row - side / 2 && r < row - side / 2 + side &&
                                  q >= column - side / 2 && q < column - side / 2 + side;
              const auto i = static_cast<std::size_t>((c * 6 + r) * 9 + q);
              CHECK(cut[i] == (inside ? (c == 0 ? 10 : 201) : image[i]));
            }
          }
        }
      }
    }
  }
}
