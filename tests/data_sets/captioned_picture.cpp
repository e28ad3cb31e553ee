// SPDX-License-Identifier: MIT
// Laws of captioned_picture: even extents, each pixel as often as the next one, text that stays in its strip.
#include <examples/common/captioned_picture.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <flexdnn/frame/frame_layout.hpp>

namespace {

using examples::caption;
using examples::captioned_picture;
using flexdnn::frame_layout;
using flexdnn::pixel_format;

struct frame {
  frame(pixel_format format, int height, int width) : layout{format, height, width}, bytes(layout.bytes()) {
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::byte>(37 * i % 251);
  }
  [[nodiscard]] flexdnn::frame_view view() const { return layout.view(bytes); }

  frame_layout layout;
  std::vector<std::byte> bytes;
};

const caption long_text{{255, 0, 0}, {std::string(5000, 'W'), "", "\xC3\xBC", "0.5, 1 ms"}};

}  // namespace

TEST_CASE("data_sets/captioned_picture: as ffmpeg takes it, whatever the frame's extent") {
  for (const pixel_format format :
       {pixel_format::grey, pixel_format::rgb, pixel_format::planar_rgb, pixel_format::nv12}) {
    for (const int height : {1, 31, 321}) {
      for (const int width : {1, 33, 8192}) {
        const frame f(format, height, width);
        captioned_picture picture(f.view());
        CAPTURE(height);
        CAPTURE(width);
        CHECK(picture.height() % 2 == 0);
        CHECK(picture.width() % 2 == 0);
        CHECK((picture.height() > 320 || width == 8192));
        CHECK(picture.width() <= 8192);
        const auto pixels =
            static_cast<std::size_t>(picture.height()) * static_cast<std::size_t>(picture.width());
        const bool is_nv12 = format == pixel_format::nv12;
        CHECK(picture.format() == std::string_view(is_nv12 ? "nv12" : "rgb24"));
        REQUIRE(picture.bytes().size() == (is_nv12 ? pixels * 3 / 2 : 3 * pixels));
        picture.show(f.view());
        const std::vector<std::byte> before(picture.bytes().begin(), picture.bytes().end());
        picture.write(long_text);
        // The first row that the text changed is below the picture.
        const auto changed = std::ranges::mismatch(before, picture.bytes()).in1 - before.begin();
        CHECK(changed / (is_nv12 ? 1 : 3) / picture.width() >= std::min(height, 320));
      }
    }
  }
}

TEST_CASE("data_sets/captioned_picture: pixels are repeated, the last ones to an even extent") {
  const int height = 107, width = 3, times = 3;
  for (const pixel_format format : {pixel_format::planar_rgb, pixel_format::nv12}) {
    const frame f(format, height, width);
    captioned_picture picture(f.view());
    picture.show(f.view());
    REQUIRE(picture.width() == 10);
    const int each = format == pixel_format::nv12 ? 1 : 3;
    bool same = true;
    for (int r = 0; r < times * height + 1; ++r) {
      for (int c = 0; c < picture.width(); ++c) {
        const int row = std::min(r / times, height - 1), column = std::min(c / times, width - 1);
        const auto at = static_cast<std::size_t>((r * picture.width() + c) * each);
        for (int p = 0; p < each; ++p) {
          const auto of = static_cast<std::size_t>((p * height + row) * width + column);
          same = same && picture.bytes()[at + static_cast<std::size_t>(p)] == f.bytes[of];
        }
      }
    }
    CHECK(same);
  }
}

TEST_CASE("data_sets/captioned_picture: later frames of other extents are fitted into the first one's") {
  const frame first(pixel_format::rgb, 20, 30);
  captioned_picture picture(first.view());
  const std::size_t bytes = picture.bytes().size();
  for (const int height : {1, 20, 500}) {
    for (const int width : {1, 30, 700}) {
      picture.show(frame(pixel_format::rgb, height, width).view());
      CHECK(picture.bytes().size() == bytes);
    }
  }
}
