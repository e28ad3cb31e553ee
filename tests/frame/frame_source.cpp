// SPDX-License-Identifier: MIT
// Laws of frame_source: what a driver on firmware writes is one; what it does not know has a default.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <flexdnn/frame/frame_layout.hpp>
#include <flexdnn/frame/frame_source.hpp>

using namespace flexdnn;

namespace {

/// As a camera's driver: it counts up in place of a sensor, and stops as a cable that comes loose.
struct camera {
  static constexpr frame_layout layout{pixel_format::yuyv, 2, 4};
  int taken = 0;

  [[nodiscard]] std::size_t frame_bytes() const { return layout.bytes(); }
  bool read(std::span<std::byte> to) {
    if (taken == 3) return false;
    std::ranges::fill(to.first(frame_bytes()), static_cast<std::byte>(taken++));
    return true;
  }
  [[nodiscard]] frame_view view(std::span<const std::byte> bytes) const noexcept {
    return layout.view(bytes);
  }
};

struct camera_that_tells : camera {
  [[nodiscard]] status ending() const { return status::error(code::truncated, "camera: no frame in 100 ms"); }
  [[nodiscard]] float frame_rate() const { return 7.5F; }
};

struct without_view {
  [[nodiscard]] std::size_t frame_bytes() const { return 1; }
  bool read(std::span<std::byte>) { return false; }
};

struct view_that_throws : without_view {
  [[nodiscard]] frame_view view(std::span<const std::byte>) const { return {}; }
};

static_assert(frame_source<camera> && frame_source<camera_that_tells>);
static_assert(!frame_source<without_view> && !frame_source<view_that_throws> && !frame_source<int>);

}  // namespace

TEST_CASE("frame/frame_source: a driver's frames, until it has none") {
  camera source;
  std::array<std::byte, 16> buffer{};
  for (int i = 0; i < 3; ++i) {
    REQUIRE(source.read(buffer));
    const frame_view image = source.view(buffer);
    CHECK(image.bytes[15] == i);
    CHECK(image.row == 8);
  }
  CHECK_FALSE(source.read(buffer));
  CHECK(ending_of(source));
  CHECK(frame_rate_of(source) == 0.0);
}

TEST_CASE("frame/frame_source: a source may tell why it ended, and its rate") {
  const camera_that_tells source;
  CHECK(std::string_view(ending_of(source).message()) == "camera: no frame in 100 ms");
  CHECK(frame_rate_of(source) == 7.5);
}
