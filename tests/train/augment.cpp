// SPDX-License-Identifier: MIT
// Laws of augmentation: off it is the identity and draws nothing; flips mirror, shifts move and fill with
// black; colours vary about 1; cutout hides no more than its square; ranges are kept.
#include <doctest/doctest.h>

#include <algorithm>
#include <flexdnn/train/augment.hpp>
#include <functional>
#include <numeric>
#include <set>
#include <string>
#include <vector>

using namespace flexdnn;

namespace {

constexpr shape tiny{2, 5, 4};

std::vector<std::uint8_t> image() {
  std::vector<std::uint8_t> bytes(tiny.size());
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i + 1);
  return bytes;
}

std::uint8_t at(const std::vector<std::uint8_t>& bytes, int c, int y, int x) {
  return bytes[static_cast<std::size_t>((c * tiny.height + y) * tiny.width + x)];
}

}  // namespace

TEST_CASE("nothing allowed: nothing changed") {
  random_generator random(1);
  std::vector<std::uint8_t> to(tiny.size());
  augment({.flip = false, .shift = 0}, tiny, image(), random, to);
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
        std::vector<std::uint8_t> moved(tiny.size(), 0);
        for (int c = 0; c < tiny.channels; ++c) {
          for (int y = 0; y < tiny.height; ++y) {
            for (int x = 0; x < tiny.width; ++x) {
              const int to_y = y + down, to_x = mirror ? tiny.width - 1 - (x + right) : x + right;
              if (to_y < 0 || to_y >= tiny.height || to_x < 0 || to_x >= tiny.width) continue;
              moved[static_cast<std::size_t>((c * tiny.height + to_y) * tiny.width + to_x)] =
                  at(from, c, y, x);
            }
          }
        }
        possible.insert({moved.begin(), moved.end()});
      }
    }
  }
  for (int i = 0; i < 2000; ++i) {
    std::vector<std::uint8_t> to(tiny.size(), 77);
    augment({.flip = true, .shift = shift}, tiny, from, random, to);
    const std::string key(to.begin(), to.end());
    REQUIRE(possible.contains(key));
    seen.insert(key);
  }
  CHECK(seen == possible);
}

TEST_CASE("the same generator gives the same image") {
  std::vector<std::uint8_t> a(tiny.size()), b(tiny.size());
  random_generator first(8, 2), second(8, 2);
  augment({}, tiny, image(), first, a);
  augment({}, tiny, image(), second, b);
  CHECK(a == b);
}

TEST_CASE("what is off draws no number: later draws, and trainings of before, stay as they were") {
  random_generator drawn(8, 2), expected(8, 2);
  std::vector<std::uint8_t> to(tiny.size());
  augment({}, tiny, image(), drawn, to);
  (void)expected.next();
  (void)expected.below(9);
  (void)expected.below(9);
  CHECK(drawn.next() == expected.next());
}

TEST_CASE("over many draws the mean brightness is the image's, and every factor is within its range") {
  constexpr shape flat{3, 1, 1};
  const std::vector<std::uint8_t> from(3, 100);
  random_generator random(5);
  double sum = 0.0;
  std::uint8_t least = 255, most = 0;
  constexpr int draws = 4000;
  for (int i = 0; i < draws; ++i) {
    std::vector<std::uint8_t> to(3);
    augment({.flip = false, .shift = 0, .brightness = 0.4}, flat, from, random, to);
    sum += to[0];
    least = std::min(least, to[0]);
    most = std::max(most, to[0]);
  }
  CHECK(sum / draws ==
        doctest::Approx(100.0).epsilon(0.015));  // 4 of the mean's deviations, 40 / sqrt(3 draws)
  CHECK(least >= 60);
  CHECK(least <= 61);
  CHECK(most <= 140);
  CHECK(most >= 139);
}

TEST_CASE("cutout changes one square at most: side^2 pixels or fewer, and every centre occurs") {
  std::set<std::pair<int, int>> first;
  random_generator random(4);
  for (int i = 0; i < 1000; ++i) {
    std::vector<std::uint8_t> to(tiny.size());
    augment({.flip = false, .shift = 0, .cutout = 3}, tiny, image(), random, to);
    int top = tiny.height, left = tiny.width, bottom = -1, right = -1;
    for (int y = 0; y < tiny.height; ++y) {
      for (int x = 0; x < tiny.width; ++x) {
        if (at(to, 0, y, x) == at(image(), 0, y, x)) continue;
        top = std::min(top, y), left = std::min(left, x);
        bottom = std::max(bottom, y), right = std::max(right, x);
      }
    }
    REQUIRE(bottom - top < 3);
    REQUIRE(right - left < 3);
    first.insert({bottom, right});
  }
  CHECK(first.size() >= tiny.pixels() / 2U);
}

TEST_CASE("rotation and scale move pixels by no more than they may") {
  // A dot 10 pixels right of the centre, turned by up to 15 degrees and scaled by up to a tenth.
  constexpr shape wide{1, 31, 31};
  std::vector<std::uint8_t> from(wide.size(), 0);
  from[15 * 31 + 25] = 255;
  random_generator random(6);
  double lowest = 1e9, highest = -1e9, nearest = 1e9, farthest = 0.0;
  for (int i = 0; i < 2000; ++i) {
    std::vector<std::uint8_t> to(wide.size());
    augment({.flip = false, .shift = 0, .rotation = 15.0, .scale = 0.1}, wide, from, random, to);
    double weight = 0.0, x = 0.0, y = 0.0;
    for (int p = 0; p < 31 * 31; ++p) {
      const double v = to[static_cast<std::size_t>(p)];
      weight += v, x += v * (p % 31 - 15), y += v * (p / 31 - 15);
    }
    REQUIRE(weight > 0.0);
    const double angle = std::atan2(y, x) * 180.0 / 3.14159265, radius = std::hypot(x, y) / weight;
    lowest = std::min(lowest, angle), highest = std::max(highest, angle);
    nearest = std::min(nearest, radius), farthest = std::max(farthest, radius);
  }
  // The dot's centre of mass is found to a fifth of a pixel: 1.2 degrees.
  CHECK(lowest == doctest::Approx(-15.0).epsilon(0.08));
  CHECK(highest == doctest::Approx(15.0).epsilon(0.08));
  CHECK(nearest == doctest::Approx(9.0).epsilon(0.02));
  CHECK(farthest == doctest::Approx(11.0).epsilon(0.02));
}

TEST_CASE("options out of range are refused with what was got and what is wanted") {
  CHECK(augmentation{}.check());
  CHECK(augmentation{.rotation = 180.0, .scale = 0.99, .brightness = 1.0, .cutout = 65536}.check());
  const auto refused = [](const augmentation& a, const char* sentence) {
    const status s = a.check();
    CHECK(s.code() == code::bad_option);
    CHECK(std::string(s.message()) == sentence);
  };
  refused({.shift = -1}, "augmentation: shift -1, cutout 0: wanted 0 to 65536 pixels");
  refused({.shift = 65537}, "augmentation: shift 65537, cutout 0: wanted 0 to 65536 pixels");
  refused({.cutout = -4}, "augmentation: shift 4, cutout -4: wanted 0 to 65536 pixels");
  refused({.rotation = 181.0},
          "augmentation: rotation 181, scale 0: wanted 0 to 180 degrees, and 0 to below 1");
  refused({.scale = 1.0}, "augmentation: rotation 0, scale 1: wanted 0 to 180 degrees, and 0 to below 1");
  refused({.brightness = 1.5}, "augmentation: brightness 1.5, contrast 0, saturation 0: wanted 0 to 1 each");
  refused({.contrast = -0.1}, "augmentation: brightness 0, contrast -0.1, saturation 0: wanted 0 to 1 each");
  CHECK_FALSE(augmentation{.saturation = std::nan("")}.check());
}

TEST_CASE("the recipe says what is used and keeps the words that older checkpoints have") {
  CHECK(augmentation{}.recipe() == "flip 1, shift 4");
  CHECK(augmentation{.scale = 0.1, .cutout = 8}.recipe() == "flip 1, shift 4, scale 0.100000, cutout 8");
}
