// SPDX-License-Identifier: MIT
// any_source: whatever a path is, its frames in order; an image_folder's images at their own extents, and
// what is none, in a sentence that names the file.
#include <examples/common/any_source.hpp>

#include <doctest/doctest.h>

#include <filesystem>

#include "../io/children.hpp"
#include "../io/support.hpp"

namespace {

using examples::any_source;
using examples::open_frames;
using flexdnn::frame_view;
using io_test::slurp;
using io_test::spill;
using io_test::temporary_directory;

const flexdnn::shape two_by_four{3, 2, 4};

/// A picture whose pixels differ in all three colours.
std::string counted_ppm(int height, int width) {
  std::string text = "P6\n" + std::to_string(width) + " " + std::to_string(height) + "\n255\n";
  for (int i = 0; i < 3 * width * height; ++i) text += static_cast<char>(i % 200);
  return text;
}

void refused(const std::string& path, std::string_view fragments) {
  std::string got = "nothing was thrown";
  try {
    (void)open_frames(path, two_by_four);
  } catch (const std::runtime_error& e) {
    got = e.what();
  }
  io_test::check_error(flexdnn::status::error(flexdnn::code::malformed, "%s", got.c_str()),
                       flexdnn::code::malformed, fragments);
}

}  // namespace

TEST_CASE("data_sets/any_source: a folder's images, sorted by name, each of its own extent") {
  const temporary_directory directory;
  const std::array<std::array<int, 2>, 3> extents{{{5, 7}, {9, 2}, {1, 1}}};
  for (std::size_t i = 0; i < 3; ++i)
    spill(directory.file(std::string(1, "bac"[i]) + ".ppm"), counted_ppm(extents[i][0], extents[i][1]));
  spill(directory.file("notes.txt"), "no image, and none that is wanted");
  const io_test::resources before;
  any_source all = open_frames(directory.file(""), two_by_four);
  CHECK(all.what() == "3 images");
  CHECK(all.size() == 3);
  CHECK(all.frame_rate() == 0.0);
  std::vector<std::byte> kept(all.frame_bytes());
  for (const std::size_t i : {1U, 0U, 2U}) {
    std::vector<std::byte> frame(all.frame_bytes(), std::byte{255});
    REQUIRE(all.read(frame));
    kept = frame;  // whoever queues a frame moves its bytes
    const frame_view image = all.view(kept);
    CHECK(all.label(kept) == -1);
    REQUIRE(image.height == extents[i][0]);
    REQUIRE(image.width == extents[i][1]);
    CHECK(image.row == 3 * image.width);
    for (int k = 0; k < 3 * image.width * image.height; ++k) CHECK(image.bytes[k] == k % 200);
  }
  CHECK_FALSE(all.read(kept));
  CHECK(all.ending());
  CHECK(io_test::resources() == before);
}

TEST_CASE("data_sets/any_source: an image that breaks ends the frames and is named") {
  const temporary_directory directory;
  for (const char* name : {"a.ppm", "b.ppm", "c.ppm", "d.ppm"})
    spill(directory.file(name), counted_ppm(4, 4));
  any_source all = open_frames(directory.file(""), two_by_four);
  std::vector<std::byte> frame(all.frame_bytes());
  REQUIRE(all.read(frame));
  CHECK_FALSE(all.read(std::span(frame).first(frame.size() - 1)));  // no room, nothing is taken
  REQUIRE(all.read(frame));
  SUBCASE("cut") { spill(directory.file("c.ppm"), counted_ppm(4, 4).substr(0, 40)); }
  SUBCASE("gone") { std::filesystem::remove(directory.file("c.ppm")); }
  SUBCASE("larger") { spill(directory.file("c.ppm"), counted_ppm(4, 5)); }
  CHECK_FALSE(all.read(frame));
  spill(directory.file("c.ppm"), counted_ppm(4, 4));
  CHECK_FALSE(all.read(frame));  // and stays so
  io_test::check_error(all.ending(), flexdnn::code::malformed, "c.ppm'");
}

TEST_CASE("data_sets/any_source: a file of records") {
  const temporary_directory directory;
  std::string content;
  for (int i = 0; i < 50; ++i) content += static_cast<char>(i);
  spill(directory.file("a.bin"), content);
  any_source all = open_frames(directory.file("a.bin"), two_by_four);
  CHECK(all.what() == "2 x 4 pixels");
  CHECK(all.size() == 2);
  std::vector<std::byte> frame(all.frame_bytes());
  for (const int first : {1, 26}) {
    REQUIRE(all.read(frame));
    CHECK(all.label(frame) == first - 1);
    CHECK(all.view(frame).bytes[0] == first);
    CHECK(all.view(frame).bytes[23] == first + 23);
  }
  CHECK_FALSE(all.read(frame));
}

TEST_CASE("data_sets/any_source: what has no frames") {
  const temporary_directory directory;
  refused(directory.file(""), "holds no images (.jpg, .jpeg, .png");
  spill(directory.file("a.bin"), std::string(24, 'x'));
  refused(directory.file("a.bin"), "a.bin'|has 24 bytes|1 + 3 x 2 x 4 = 25");
  refused(directory.file("none.bin"), "none.bin'|No such file");
  refused(directory.file("none"), "none'|No such file");
  spill(directory.file("a.png"), "no image");
  refused(directory.file(""), "a.png'|is no image that can be read");
  spill(directory.file("a.png"), "");
  refused(directory.file(""), "a.png'");
  std::filesystem::remove(directory.file("a.png"));
  spill(directory.file("b.ppm"), "P6\n8193 1\n255\n");
  refused(directory.file(""), "b.ppm'|has 1 x 8193 pixels, wanted 1 to 8192 each");
  spill(directory.file("b.ppm"), "P6\n2000000000 2000000000\n255\n");
  refused(directory.file(""), "b.ppm'");
}
