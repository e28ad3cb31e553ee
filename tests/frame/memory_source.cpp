// SPDX-License-Identifier: MIT
// Laws of memory_source: every frame once, in order, then none; other sizes are told.
#include <doctest/doctest.h>

#include <flexdnn/frame/frame_source.hpp>
#include <flexdnn/frame/memory_source.hpp>
#include <limits>
#include <string>
#include <vector>

using namespace flexdnn;

static_assert(frame_source<memory_source>);

namespace {

std::vector<std::byte> counted(std::size_t size) {
  std::vector<std::byte> bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::byte>(i % 251);
  return bytes;
}

}  // namespace

TEST_CASE("frame/memory_source: every frame once, in order, then none") {
  const frame_layout layout{pixel_format::nv12, 3, 5};  // 15 + 2 * 6
  const std::vector<std::byte> bytes = counted(4 * 27);
  memory_source copying, in_place;
  REQUIRE(copying.open(bytes, layout));
  REQUIRE(in_place.open(bytes, layout));
  REQUIRE(copying.frame_bytes() == 27);
  std::vector<std::byte> buffer(30, std::byte{255});
  for (std::size_t k = 0; k < 4; ++k) {
    REQUIRE(copying.read(buffer));
    CHECK(std::equal(bytes.begin() + static_cast<std::ptrdiff_t>(27 * k),
                     bytes.begin() + static_cast<std::ptrdiff_t>(27 * (k + 1)), buffer.begin()));
    CHECK(buffer[27] == std::byte{255});
    const std::span<const std::byte> frame = in_place.next();
    CHECK(frame.data() == bytes.data() + 27 * k);
    CHECK(in_place.view(frame).chroma - in_place.view(frame).bytes == 15);
  }
  for (int again = 0; again < 2; ++again) {
    CHECK_FALSE(copying.read(buffer));
    CHECK(in_place.next().empty());
  }
  CHECK(ending_of(copying));
}

TEST_CASE("frame/memory_source: without frames, or room for one, nothing is read") {
  memory_source source;
  std::vector<std::byte> buffer(26, std::byte{255});
  CHECK(source.frame_bytes() == 0);
  CHECK_FALSE(source.read(buffer));
  CHECK(source.next().empty());
  const std::vector<std::byte> bytes = counted(27);
  REQUIRE(source.open(bytes, {pixel_format::nv12, 3, 5}));
  CHECK_FALSE(source.read(buffer));
  CHECK(buffer == std::vector<std::byte>(26, std::byte{255}));
  CHECK(source.next().size() == 27);
}

TEST_CASE("frame/memory_source: other sizes are told, and what was open stays") {
  const std::vector<std::byte> bytes = counted(24);
  memory_source source;
  REQUIRE(source.open(bytes, {pixel_format::grey, 3, 4}));
  const auto says = [&](std::size_t count, frame_layout layout, code what, const char* sentence) {
    const status s = source.open(std::span(bytes).first(count), layout);
    CHECK(s.code() == what);
    CHECK(std::string(s.message()) == sentence);
    CHECK(source.frame_bytes() == 12);
  };
  says(23, {pixel_format::grey, 2, 4}, code::wrong_size,
       "memory: 23 bytes, whole frames of 8 are wanted, 7 bytes are left over");
  says(0, {pixel_format::grey, 2, 4}, code::wrong_size,
       "memory: 0 bytes, whole frames of 8 are wanted, 0 bytes are left over");
  says(24, {pixel_format::yuyv, 2, 3}, code::bad_option,
       "memory: there are no images of format 4 and 2 x 3 pixels");
  constexpr int most = std::numeric_limits<int>::max();
  says(24, {pixel_format::rgb, most, most}, code::bad_option,
       "memory: there are no images of format 1 and 2147483647 x 2147483647 pixels");
  CHECK(source.next().size() == 12);
}
