// SPDX-License-Identifier: MIT
// Laws of warp: a movement by nothing is the identity; quarter turns permute pixels; what is linear stays
// linear.
#include <doctest/doctest.h>

#include <flexdnn/train/warp.hpp>
#include <numbers>
#include <vector>

using namespace flexdnn;

namespace {

constexpr shape square{2, 7, 7};

std::vector<std::uint8_t> patterned(shape extent) {
  std::vector<std::uint8_t> bytes(extent.size());
  for (std::size_t i = 0; i < bytes.size(); ++i)
    bytes[i] = static_cast<std::uint8_t>((i * i * 7 + i * 13) % 256);
  return bytes;
}

std::vector<std::uint8_t> warped(const movement& m, shape extent, const std::vector<std::uint8_t>& from) {
  std::vector<std::uint8_t> to(extent.size(), 99);
  warp(m, extent, from, to);
  return to;
}

}  // namespace

TEST_CASE("no movement: the same bytes, of extents odd and even") {
  for (const shape extent : {square, shape{3, 4, 6}, shape{1, 1, 1}}) {
    CHECK(warped({}, extent, patterned(extent)) == patterned(extent));
  }
}

TEST_CASE("a whole turn, which is sampled between pixels, is what moving by whole pixels is") {
  for (const bool mirror : {false, true}) {
    movement m{.mirror = mirror, .down = 2, .right = -1};
    const auto moved = warped(m, square, patterned(square));
    m.angle = 2.0 * std::numbers::pi;
    CHECK(warped(m, square, patterned(square)) == moved);
  }
}

TEST_CASE("a quarter turn clockwise moves row r, column q to row q, column last - r") {
  const auto from = patterned(square), to = warped({.angle = std::numbers::pi / 2}, square, from);
  for (std::size_t c = 0; c < 2; ++c) {
    for (std::size_t r = 0; r < 7; ++r) {
      for (std::size_t q = 0; q < 7; ++q) CHECK(to[(c * 7 + q) * 7 + 6 - r] == from[(c * 7 + r) * 7 + q]);
    }
  }
}

TEST_CASE("a linear image stays linear: bilinear sampling is exact on it, to the rounding") {
  constexpr shape extent{1, 40, 48};
  const auto value = [](double x, double y) { return 60.0 + 2.0 * x + 1.5 * y; };
  std::vector<std::uint8_t> from(extent.size());
  for (int y = 0; y < 40; ++y) {
    for (int x = 0; x < 48; ++x)
      from[static_cast<std::size_t>(y * 48 + x)] = static_cast<std::uint8_t>(value(x, y));
  }
  const movement m{.down = 2, .right = -3, .angle = 0.2, .scale = 1.25};
  const auto to = warped(m, extent, from);
  for (int r = 12; r < 28; ++r) {
    for (int q = 14; q < 34; ++q) {
      // Where it came from: moved back, turned back, shrunk.
      const double dx = (q + 3 - 23.5) / 1.25, dy = (r - 2 - 19.5) / 1.25;
      const double x = 23.5 + dx * std::cos(0.2) + dy * std::sin(0.2);
      const double y = 19.5 - dx * std::sin(0.2) + dy * std::cos(0.2);
      CHECK(std::abs(to[static_cast<std::size_t>(r * 48 + q)] - value(x, y)) <= 1.01);  // two roundings
    }
  }
}

TEST_CASE("what comes in from outside is black") {
  const std::vector<std::uint8_t> white(square.size(), 255);
  const auto to = warped({.scale = 0.5}, square, white);
  CHECK(to.front() == 0);
  CHECK(to[3 * 7 + 3] == 255);
  CHECK(warped({.down = 7}, square, white) == std::vector<std::uint8_t>(square.size(), 0));
  CHECK(warped({.right = -1000}, square, white) == std::vector<std::uint8_t>(square.size(), 0));
}
