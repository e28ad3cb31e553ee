// SPDX-License-Identifier: MIT
// Laws of adjust_colour: factors of 1 change no byte; those of 0 leave black, even grey, grey; 0..255 is
// kept.
#include <doctest/doctest.h>

#include <flexdnn/train/adjust_colour.hpp>
#include <vector>

using namespace flexdnn;

namespace {

constexpr shape two_pixels{3, 1, 2};  // red 200 20, green 100 20, blue 50 20: planar
const std::vector<std::uint8_t> coloured{200, 20, 100, 20, 50, 20};

std::vector<std::uint8_t> adjusted(const colour_factors& f, shape extent, std::vector<std::uint8_t> image) {
  adjust_colour(f, extent, image);
  return image;
}

using bytes_of_image = std::vector<std::uint8_t>;

}  // namespace

TEST_CASE("factors of 1 change nothing") { CHECK(adjusted({}, two_pixels, coloured) == coloured); }

TEST_CASE("brightness multiplies, up to white") {
  CHECK(adjusted({.brightness = 0.5}, two_pixels, coloured) == bytes_of_image{100, 10, 50, 10, 25, 10});
  CHECK(adjusted({.brightness = 2.0}, two_pixels, coloured) == bytes_of_image{255, 40, 200, 40, 100, 40});
  CHECK(adjusted({.brightness = 0.0}, two_pixels, coloured) == bytes_of_image(6, 0));
}

TEST_CASE("contrast spreads about the mean grey, here (124.2 + 20) / 2 = 72.1") {
  CHECK(adjusted({.contrast = 0.0}, two_pixels, coloured) == bytes_of_image(6, 72));
  CHECK(adjusted({.contrast = 1.5}, two_pixels, coloured) == bytes_of_image{255, 0, 114, 0, 39, 0});
}

TEST_CASE("saturation spreads about each pixel's grey, here 124.2 and 20") {
  CHECK(adjusted({.saturation = 0.0}, two_pixels, coloured) == bytes_of_image{124, 20, 124, 20, 124, 20});
  CHECK(adjusted({.saturation = 1.5}, two_pixels, coloured) == bytes_of_image{238, 20, 88, 20, 13, 20});
}

TEST_CASE("an image of one channel has a contrast and no saturation") {
  constexpr shape grey{1, 1, 4};
  const bytes_of_image image{0, 50, 100, 250};
  CHECK(adjusted({.saturation = 0.0}, grey, image) == image);
  CHECK(adjusted({.contrast = 0.5}, grey, image) == bytes_of_image{50, 75, 100, 175});
}
