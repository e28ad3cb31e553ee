// SPDX-License-Identifier: MIT
// captioned_picture: a frame, enlarged so that one can see it, above a strip of text, as raw video.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <flexdnn/frame/frame_view.hpp>
#include <span>
#include <string>
#include <vector>

namespace examples {

struct colour {
  std::uint8_t red = 0, green = 0, blue = 0;
};

/// Lines and the colour of a mark beside them.
struct caption {
  static constexpr int rows = 4;

  colour mark{};
  std::array<std::string, rows> lines{};
};

/// Pixels are repeated a whole number of times, the least that makes 320 rows; extents are rounded up to even
/// ones, which most encoders want. The strip lies below the picture, so that it hides nothing of it.
class captioned_picture {
 public:
  /// Of frames like the first one. A folder's images differ: later ones are fitted into the first one's
  /// extent.
  explicit captioned_picture(const flexdnn::frame_view& first);

  [[nodiscard]] int height() const { return rows_ + strip(); }
  [[nodiscard]] int width() const { return columns_; }
  /// As ffmpeg calls it.
  [[nodiscard]] const char* format() const { return is_nv12_ ? "nv12" : "rgb24"; }

  void show(const flexdnn::frame_view& frame);
  /// What does not fit is written smaller, then cut. Letters outside ASCII become question marks.
  void write(const caption& text);

  [[nodiscard]] std::span<const std::byte> bytes() const { return std::as_bytes(std::span(bytes_)); }

 private:
  [[nodiscard]] int strip() const { return (12 * caption::rows + 4) * size_; }
  void fill(int left, int top, int width, int height, colour c);
  void write_line(int left, int top, std::string text);
  void show_nv12(const flexdnn::frame_view& frame);
  void show_fitted(const flexdnn::frame_view& frame);
  void show_rgb(const flexdnn::frame_view& frame);

  bool is_nv12_;
  int first_height_, first_width_, times_;
  int rows_, columns_;  ///< of the enlarged picture
  int size_;            ///< of the letters: pixels of a stroke
  std::vector<std::uint8_t> bytes_;
};

}  // namespace examples
