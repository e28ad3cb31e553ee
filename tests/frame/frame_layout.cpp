// SPDX-License-Identifier: MIT
// Laws of frame_layout: as many bytes as its planes have, of sizes that no arithmetic overflows; views that
// stay within them.
#include <doctest/doctest.h>

#include <algorithm>
#include <flexdnn/frame/frame_layout.hpp>
#include <limits>
#include <vector>

using namespace flexdnn;

TEST_CASE("frame/frame_layout: bytes of an image") {
  using enum pixel_format;
  static_assert(frame_layout{grey, 17, 35}.bytes() == 595);
  static_assert(frame_layout{rgb, 17, 35}.bytes() == 1785);
  static_assert(frame_layout{bgr, 17, 35}.bytes() == 1785);
  static_assert(frame_layout{planar_rgb, 17, 35}.bytes() == 1785);
  static_assert(frame_layout{nv12, 17, 35}.bytes() == 595 + 9 * 36);
  static_assert(frame_layout{nv12, 1, 1}.bytes() == 3);
  static_assert(frame_layout{yuyv, 17, 36}.bytes() == 17 * 72);
}

TEST_CASE("frame/frame_layout: what is no image has no bytes") {
  using enum pixel_format;
  constexpr int most = std::numeric_limits<int>::max(), least = std::numeric_limits<int>::min();
  static_assert(frame_layout{yuyv, 17, 35}.bytes() == 0);
  static_assert(frame_layout{static_cast<pixel_format>(200), 17, 35}.bytes() == 0);
  for (const pixel_format f : {grey, rgb, bgr, nv12, yuyv, planar_rgb}) {
    for (const int bad : {0, -1, least}) {
      CHECK(frame_layout{f, bad, 2}.bytes() == 0);
      CHECK(frame_layout{f, 2, bad}.bytes() == 0);
      CHECK(frame_layout{f, bad, bad}.bytes() == 0);
    }
    // Within a pointer's difference they are told exactly, beyond it there is no such image.
    const bool fits = f == grey || f == nv12 || f == yuyv;
    CHECK((frame_layout{f, most, most - 1}.bytes() != 0) == (fits && sizeof(std::size_t) == 8));
  }
}

TEST_CASE("frame/frame_layout: the last byte of a view is the last of its image") {
  using enum pixel_format;
  for (const pixel_format f : {grey, rgb, bgr, nv12, yuyv, planar_rgb}) {
    for (const int width : {1, 2, 7, 8}) {
      const frame_layout layout{f, 5, width};
      if (layout.bytes() == 0) continue;
      std::vector<std::byte> bytes(layout.bytes());
      const frame_view v = layout.view(bytes);
      CHECK(v.format == f);
      CHECK(v.height == 5);
      CHECK(v.width == width);
      const auto* const first = reinterpret_cast<const std::uint8_t*>(bytes.data());
      CHECK(v.bytes == first);
      const std::ptrdiff_t end = f == nv12         ? v.chroma + 3 * v.chroma_row - first
                                 : f == planar_rgb ? 2 * v.plane + 5 * v.row
                                                   : 5 * v.row;
      CHECK(end == static_cast<std::ptrdiff_t>(bytes.size()));
    }
  }
}
