// SPDX-License-Identifier: MIT
// videos: files that ffmpeg makes of frames that the tests know byte by byte, and what is read of them.
#pragma once

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <flexdnn/io/child_program.hpp>
#include <flexdnn/io/video_source.hpp>
#include <random>
#include <string>
#include <vector>

#include "support.hpp"

namespace io_test {

using byte_frames = std::vector<std::vector<std::byte>>;

/// Frames in planes of Y, U, V (yuv420p), every byte drawn.
struct drawn_frames {
  int height, width, count;
  std::vector<std::uint8_t> planar;

  drawn_frames(int h, int w, int n) : height(h), width(w), count(n) {
    std::mt19937 random(static_cast<unsigned>(h * w * n));
    planar.resize(static_cast<std::size_t>(n) * bytes());
    for (auto& b : planar) b = static_cast<std::uint8_t>(random());
  }

  [[nodiscard]] std::size_t chroma() const {
    return static_cast<std::size_t>((height + 1) / 2) * static_cast<std::size_t>((width + 1) / 2);
  }
  [[nodiscard]] std::size_t bytes() const {
    return static_cast<std::size_t>(height) * static_cast<std::size_t>(width) + 2 * chroma();
  }
  /// The frames in nv12, its pairs U V put together here.
  [[nodiscard]] byte_frames nv12() const {
    byte_frames all;
    for (std::size_t k = 0; k < static_cast<std::size_t>(count); ++k) {
      const std::uint8_t* const from = planar.data() + k * bytes();
      const std::size_t light = bytes() - 2 * chroma();
      std::vector<std::byte> frame(bytes());
      for (std::size_t i = 0; i < light; ++i) frame[i] = std::byte{from[i]};
      for (std::size_t i = 0; i < 2 * chroma(); ++i)
        frame[light + i] = std::byte{from[light + i / 2 + i % 2 * chroma()]};
      all.push_back(std::move(frame));
    }
    return all;
  }
  [[nodiscard]] std::string_view text() const {
    return {reinterpret_cast<const char*>(planar.data()), planar.size()};
  }
};

using words = std::vector<std::string>;

inline void ffmpeg(const words& arguments) {
  words all{"ffmpeg", "-nostdin", "-v", "error", "-y"};
  all.insert(all.end(), arguments.begin(), arguments.end());
  flexdnn::detail::child_program program;
  REQUIRE(program.start(all, 2) == 0);
  std::byte none;
  REQUIRE(program.read({&none, 1}) == 0);
  REQUIRE(program.wait() == 0);
}

/// Writes the frames, 12.5 a second, with a codec; more: ffmpeg's options of the output.
inline std::string encode(const temporary_directory& directory, const drawn_frames& frames,
                          std::string_view name, const words& more = {"-c:v", "ffv1"}) {
  spill(directory.file("raw"), frames.text());
  words all{"-f", "rawvideo", "-pix_fmt", "yuv420p", "-framerate", "12.5"};
  const std::string extent = std::to_string(frames.width) + "x" + std::to_string(frames.height);
  all.insert(all.end(), {"-s", extent, "-i", directory.file("raw")});
  all.insert(all.end(), more.begin(), more.end());
  const std::string path = directory.file(name);
  all.push_back("file:" + path);
  ffmpeg(all);
  return path;
}

/// Something that ffmpeg's lavfi generates.
inline std::string generate(const temporary_directory& directory, const std::string& graph,
                            std::string_view name, const words& more = {"-c:v", "ffv1"}) {
  words all{"-f", "lavfi", "-i", graph};
  all.insert(all.end(), more.begin(), more.end());
  const std::string path = directory.file(name);
  all.push_back("file:" + path);
  ffmpeg(all);
  return path;
}

inline byte_frames rest_of(flexdnn::video_source& video) {
  byte_frames all;
  std::vector<std::byte> frame(video.frame_bytes());
  while (video.read(frame)) all.push_back(frame);
  return all;
}

inline byte_frames frames_of(const std::string& path) {
  flexdnn::video_source video;
  const flexdnn::status s = video.open(path);
  INFO(s.message());
  REQUIRE(s);
  byte_frames all = rest_of(video);
  INFO(video.ending().message());
  CHECK(video.ending());
  return all;
}

}  // namespace io_test
