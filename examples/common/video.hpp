// SPDX-License-Identifier: MIT
// video: frames of a file, as ffmpeg's programs decode them.
#pragma once

#include <sys/types.h>
#include <cstddef>
#include <cstdio>
#include <flexdnn/frame/frame_view.hpp>
#include <memory>
#include <span>
#include <string>

namespace examples {

/// A video that ffmpeg reads, in nv12, turned as the file says. Everything that is wrong throws a sentence.
class video_file {
 public:
  explicit video_file(const std::string& path);
  video_file(const video_file&) = delete;
  video_file& operator=(const video_file&) = delete;
  ~video_file();

  [[nodiscard]] int height() const { return height_; }
  [[nodiscard]] int width() const { return width_; }
  [[nodiscard]] double frames_a_second() const { return rate_; }

  [[nodiscard]] std::size_t frame_bytes() const;
  /// The bytes of a frame as an image.
  [[nodiscard]] flexdnn::frame_view view(std::span<const std::byte> bytes) const;

  /// The next frame, frame_bytes() of it; false: there is none.
  bool read(std::span<std::byte> frame);
  /// What ffmpeg had to complain of, once read() said false; empty: nothing.
  [[nodiscard]] const std::string& complaint() const { return complaint_; }

 private:
  void end();

  std::string path_, complaint_;
  int height_ = 0, width_ = 0;
  double rate_ = 0.0;
  pid_t decoder_ = -1;
  int pixels_ = -1;  ///< reading end of its pipe
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> said_{nullptr, std::fclose};
};

}  // namespace examples
