// SPDX-License-Identifier: MIT
// Laws of augmentation: off it is the identity; flips mirror; shifts move and fill with black.
#include <doctest/doctest.h>

#include <algorithm>
#include <flexdnn/train/augment.hpp>
#include <set>
#include <string>
#include <vector>

using namespace flexdnn;

namespace {

constexpr shape extent{2, 5, 4};

std::vector<std::uint8_t> image() {
  std::vector<std::uint8_t> bytes(extent.size());
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i + 1);
  return bytes;
}

std::uint8_t at(const std::vector<std::uint8_t>& bytes, int c, int y, int x) {
  return bytes[static_cast<std::size_t>((c * extent.height + y) * extent.width + x)];
}

}  // namespace

TEST_CASE("nothing allowed: nothing changed") {
  random_generator random(1);
  std::vector<std::uint8_t> to(extent.size());
  augment({.flip = false, .shift = 0}, extent, image(), random, to);
  CHECK(to == image());
}

TEST_CASE("every result is the image, mirrored or not, moved by at most the shift, black where nothing was") {
  constexpr int shift = 2;
  random_generator random(3);
  const auto from = image();
  std::set<std::string> possible, seen;
  for (const bool mirror : {false, true}) {
    for (int down = -shift; down <= shift; ++down) {
      for (int right = -shift; right <= shift; ++right) {
        std::vector<std::uint8_t> moved(extent.size(), 0);
        for (int c = 0; c < extent.channels; ++c) {
          for (int y = 0; y < extent.height; ++y) {
            for (int x = 0; x < extent.width; ++x) {
              const int to_y = y + down, to_x = mirror ? extent.width - 1 - (x + right) : x + right;
              if (to_y < 0 || to_y >= extent.height || to_x < 0 || to_x >= extent.width) continue;
              moved[static_cast<std::size_t>((c * extent.height + to_y) * extent.width + to_x)] =
                  at(from, c, y, x);
            }
          }
        }
        possible.insert({moved.begin(), moved.end()});
      }
    }
  }
  for (int i = 0; i < 2000; ++i) {
    std::vector<std::uint8_t> to(extent.size(), 77);
    augment({.flip = true, .shift = shift}, extent, from, random, to);
    const std::string key(to.begin(), to.end());
    REQUIRE(possible.contains(key));
    seen.insert(key);
  }
  CHECK(seen == possible);
}

TEST_CASE("the same generator gives the same image") {
  std::vector<std::uint8_t> a(extent.size()), b(extent.size());
  random_generator first(8, 2), second(8, 2);
  augment({}, extent, image(), first, a);
  augment({}, extent, image(), second, b);
  CHECK(a == b);
}
