// SPDX-License-Identifier: MIT
// labelled_frames: some of a set, in an order, copied as they are; a fingerprint that sees every change.
#include <flexdnn/search/labelled_frames.hpp>

#include <doctest/doctest.h>

#include "../io/support.hpp"
#include "small_backbone.hpp"

using namespace search_test;

TEST_CASE("some of a set, copied in their order") {
  const records all = bright_channel(10, 3);
  const labelled_frames some(all, frame_format::of<small_data>(), {7, 0, 3});
  const records copied = some.copy();
  REQUIRE(copied.size() == 3);
  CHECK(copied.extent == all.extent);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(copied.label(i) == some.label(i));
    CHECK(std::ranges::equal(copied.pixels(i), all.pixels(some.number(i))));
  }
  CHECK(some.last(1).copy().bytes ==
        records{all.extent, {copied.bytes.end() - 193, copied.bytes.end()}}.bytes);
}

TEST_CASE("a fingerprint is that of the images, and sees each change of them") {
  const records all = bright_channel(10, 3);
  const auto of = [](const records& images, std::vector<std::uint32_t> chosen) {
    return labelled_frames(images, frame_format::of<small_data>(), std::move(chosen)).fingerprint();
  };
  const std::string print = of(all, {1, 2, 3});
  const records copied = labelled_frames(all, frame_format::of<small_data>(), {1, 2, 3}).copy();
  CHECK(print == frames_of(copied).fingerprint());
  frame_format brighter = frame_format::of<small_data>();
  brighter.mean[0] = 0.4F;
  CHECK(print != labelled_frames(all, brighter, {1, 2, 3}).fingerprint());
  CHECK(print != of(all, {1, 3, 2}));
  CHECK(print != of(all, {1, 2}));
  for (const std::size_t at : {std::size_t{193}, std::size_t{193 + 1}, std::size_t{4 * 193 - 1}}) {
    records changed = all;  // a label, a first pixel, a last one
    changed.bytes[at] ^= 1U;
    CHECK(print != of(changed, {1, 2, 3}));
  }
  records unseen = all;
  unseen.bytes[0] ^= 1U;
  CHECK(print == of(unseen, {1, 2, 3}));
}

TEST_CASE("images of another extent, labels that are no classes") {
  records all = bright_channel(10, 3);
  const labelled_frames frames = frames_of(all);
  CHECK(frames.check("a test", small_data::frame, 3));
  io_test::check_error(frames.check("a test", {3, 4, 16}, 3), code::wrong_shape,
                       "a test: images of 3 x 8 x 8, the network takes 3 x 4 x 16");
  all.bytes[2 * 193] = 3;
  io_test::check_error(frames.check("a test", small_data::frame, 3), code::bad_option,
                       "a test: image 2 has label 3, the network has classes 0 to 2");
}
