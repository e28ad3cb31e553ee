// SPDX-License-Identifier: MIT
// Laws of video_source: every frame once and in order, its pixels as they were written; one format and one
// extent whatever the file has; nothing stays behind.
#include <flexdnn/io/video_source.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <flexdnn/frame/frame_source.hpp>

#include "children.hpp"
#include "videos.hpp"

using namespace flexdnn;
using namespace io_test;

static_assert(frame_source<video_source>);

namespace {

/// A pixel of nv12.
std::array<int, 3> pixel(const frame_view& v, int y, int x) {
  const std::uint8_t* const pair = v.chroma + y / 2 * v.chroma_row + x / 2 * 2;
  return {v.bytes[y * v.row + x], pair[0], pair[1]};
}

/// The middle of the first frame.
std::array<int, 3> middle_of(const std::string& path) {
  video_source video;
  REQUIRE(video.open(path));
  std::vector<std::byte> frame(video.frame_bytes());
  REQUIRE(video.read(frame));
  return pixel(video.view(frame), video.height() / 2, video.width() / 2);
}

void check_near(const std::array<int, 3>& got, const std::array<int, 3>& wanted, int far) {
  for (std::size_t c = 0; c < 3; ++c) {
    CAPTURE(c);
    CAPTURE(got[c]);
    CHECK(std::abs(got[c] - wanted[c]) <= far);
  }
}

}  // namespace

TEST_CASE("io/video_source: lossless video comes byte for byte, odd extents too") {
  const temporary_directory directory;
  for (const auto& [height, width] : {std::pair{17, 35}, {48, 64}, {2, 2}}) {
    const drawn_frames drawn(height, width, 6);
    const std::string path = encode(directory, drawn, "a.mkv");
    const resources before;
    {
      video_source video;
      REQUIRE(video.open(path));
      CHECK(video.height() == height);
      CHECK(video.width() == width);
      CHECK(video.frame_rate() == doctest::Approx(12.5).epsilon(0.01));
      REQUIRE(video.frame_bytes() == drawn.bytes());
      std::vector<std::byte> small(video.frame_bytes() - 1);
      CHECK_FALSE(video.read(small));  // and takes nothing
      CHECK(rest_of(video) == drawn.nv12());
      CHECK(video.ending());
      std::vector<std::byte> more(video.frame_bytes());
      CHECK_FALSE(video.read(more));
    }
    CHECK(resources() == before);
  }
}

TEST_CASE("io/video_source: frames of no constant rate come once each") {
  const temporary_directory directory;
  const drawn_frames drawn(16, 16, 8);
  const std::string path = encode(directory, drawn, "a.mkv",
                                  {"-vf", "setpts=N*N/25/TB", "-fps_mode", "passthrough", "-c:v", "ffv1"});
  CHECK(frames_of(path) == drawn.nv12());
}

TEST_CASE("io/video_source: 10 bits become 8") {
  const temporary_directory directory;
  const drawn_frames drawn(18, 20, 2);
  std::string ten;
  for (const std::uint8_t b : drawn.planar) ten += {static_cast<char>(b << 2U), static_cast<char>(b >> 6U)};
  spill(directory.file("raw"), ten);
  ffmpeg({"-f", "rawvideo", "-pix_fmt", "yuv420p10le", "-s", "20x18", "-i", directory.file("raw"), "-c:v",
          "ffv1", directory.file("a.mkv")});
  CHECK(frames_of(directory.file("a.mkv")) == drawn.nv12());
}

TEST_CASE("io/video_source: colours of any range and matrix are BT.601's of limited range") {
  const temporary_directory directory;
  const auto colour = [&](const char* name, const words& more) {
    return middle_of(
        generate(directory, std::string("color=") + name + ":size=32x32,format=gbrp", "a.mkv", more));
  };
  const words one{"-frames:v", "1", "-c:v"};
  const auto with = [&](words more) {
    more.insert(more.begin(), one.begin(), one.end());
    return more;
  };
  // 0.299, 0.587, 0.114: of red Y = 16 + 219 x 0.299; BT.709 would have 63, 102, 240.
  const std::array<int, 3> red{81, 90, 240};
  check_near(colour("red", with({"ffv1"})), red, 1);
  check_near(colour("red", with({"ffv1", "-vf", "scale=out_color_matrix=bt709,format=yuv444p", "-colorspace",
                                 "bt709"})),
             red, 2);
  check_near(colour("red", with({"mjpeg", "-q:v", "1", "-pix_fmt", "yuvj420p"})), red, 3);
  check_near(colour("white", with({"mjpeg", "-q:v", "1", "-pix_fmt", "yuvj420p"})), {235, 128, 128}, 1);
}

TEST_CASE("io/video_source: a video on its side is turned upright") {
  const temporary_directory directory;
  // Left half black, right half white.
  const std::string path =
      generate(directory, "color=black:size=48x32:rate=5:duration=1,drawbox=24:0:24:32:white:fill", "a.mp4",
               {"-c:v", "mpeg4", "-q:v", "1"});
  std::string bytes = slurp(path);
  const std::size_t matrix = bytes.find("tkhd") + 4 + 40;
  REQUIRE(matrix < bytes.size());
  // (a b u, c d v, x y w) in fixed point: by a quarter, clockwise.
  const std::array<std::uint32_t, 9> turn{0, 0x10000, 0, 0xffff0000, 0, 0, 0, 0, 0x40000000};
  for (std::size_t i = 0; i < 36; ++i) bytes[matrix + i] = static_cast<char>(turn[i / 4] >> (24 - i % 4 * 8));
  spill(path, bytes);
  video_source video;
  REQUIRE(video.open(path));
  CHECK(video.height() == 48);
  CHECK(video.width() == 32);
  std::vector<std::byte> frame(video.frame_bytes());
  REQUIRE(video.read(frame));
  CHECK(pixel(video.view(frame), 10, 16)[0] < 40);  // left is above now
  CHECK(pixel(video.view(frame), 38, 16)[0] > 200);
  CHECK(rest_of(video).size() == 4);
}

TEST_CASE("io/video_source: an extent that changes on the way does not") {
  const temporary_directory directory;
  const std::string small =
      generate(directory, "testsrc=size=32x24:rate=5:duration=1", "a.mjpeg", {"-c:v", "mjpeg"});
  const std::string large =
      generate(directory, "testsrc=size=64x40:rate=5:duration=1", "b.mjpeg", {"-c:v", "mjpeg"});
  spill(directory.file("both.mjpeg"), slurp(small) + slurp(large));
  const byte_frames all = frames_of(directory.file("both.mjpeg"));
  REQUIRE(all.size() == 10);
  for (const auto& frame : all) CHECK(frame.size() == 24 * 32 * 3 / 2);
}

TEST_CASE("io/video_source: an input that is no file, as a camera, until its object goes") {
  const resources before;
  {
    video_source camera, other;
    REQUIRE(camera.open("lavfi", "testsrc=size=320x240:rate=7"));
    CHECK(camera.frame_rate() == 7.0);
    std::vector<std::byte> frame(camera.frame_bytes());
    REQUIRE(camera.read(frame));
    other = std::move(camera);
    REQUIRE(other.read(frame));
    CHECK(other.view(frame).width == 320);
    check_error(other.open("lavfi", "no_such_source"), code::malformed,
                "no_such_source'|ffprobe reads no video");
    check_error(other.open("no_such_format", "x"), code::malformed, "'x'|no_such_format");
    REQUIRE(other.read(frame));  // what was open stays
    REQUIRE(other.open("lavfi", "testsrc=size=32x24"));
    CHECK(other.frame_bytes() == 32 * 24 * 3 / 2);
  }
  CHECK(resources() == before);
}

TEST_CASE("io/video_source: without open() there are no frames") {
  video_source video;
  CHECK(video.frame_bytes() == 0);
  CHECK_FALSE(video.read({}));
  CHECK(video.ending());
}
