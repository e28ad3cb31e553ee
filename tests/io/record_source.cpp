// SPDX-License-Identifier: MIT
// Laws of record_source: each record a frame, label and planes where the file has them; other files are told.
#include <doctest/doctest.h>

#include <flexdnn/frame/frame_source.hpp>
#include <flexdnn/io/record_source.hpp>

#include "support.hpp"

using namespace flexdnn;
using namespace io_test;

static_assert(frame_source<record_source>);

TEST_CASE("io/record_source: every record a frame, in order, then none") {
  const temporary_directory directory;
  std::string content;
  for (int i = 0; i < 3; ++i) {
    content += static_cast<char>(i + 250);
    for (int k = 0; k < 24; ++k) content += static_cast<char>(24 * i + k);
  }
  spill(directory.file("a.bin"), content);
  record_source source;
  std::vector<std::byte> buffer(25);
  CHECK_FALSE(source.read(buffer));
  REQUIRE(source.open(directory.file("a.bin"), {3, 2, 4}));
  CHECK(source.size() == 3);
  REQUIRE(source.frame_bytes() == 25);
  CHECK_FALSE(source.read(std::span(buffer).first(24)));
  for (int i = 0; i < 3; ++i) {
    REQUIRE(source.read(buffer));
    CHECK(source.label(buffer) == i + 250);
    const frame_view image = source.view(buffer);
    CHECK(image.format == pixel_format::planar_rgb);
    CHECK(image.height == 2);
    CHECK(image.width == 4);
    for (int c = 0; c < 3; ++c) {
      for (int k = 0; k < 8; ++k)
        CHECK(image.bytes[c * image.plane + k / 4 * image.row + k % 4] == 24 * i + 8 * c + k);
    }
  }
  CHECK_FALSE(source.read(buffer));
  CHECK(ending_of(source));
  CHECK(frame_rate_of(source) == 0.0);
}

TEST_CASE("io/record_source: bad files and extents are told, and what was open stays") {
  const temporary_directory directory;
  spill(directory.file("grey.bin"), std::string(14, 'x'));
  spill(directory.file("odd.bin"), std::string(20, 'x'));
  record_source source;
  REQUIRE(source.open(directory.file("grey.bin"), {1, 2, 3}));
  CHECK(source.view(std::vector<std::byte>(7)).format == pixel_format::grey);
  check_error(source.open(directory.file("grey.bin"), {2, 1, 3}), code::bad_option,
              "grey.bin'|records of 2 channels, wanted 1 or 3");
  check_error(source.open(directory.file("odd.bin"), {1, 2, 3}), code::wrong_size,
              "odd.bin'|6 bytes are left over");
  check_error(source.open(directory.file("none.bin"), {3, 2, 3}), code::cannot_open, "No such file");
  check_error(source.open(directory.file("grey.bin"), {3, 1 << 16, 1 << 16}), code::bad_option,
              "stays below 2^30");
  CHECK(source.size() == 2);
  CHECK(source.frame_bytes() == 7);
}
