// SPDX-License-Identifier: MIT
// Letters are stb_easy_font's: quads, drawn as rectangles, so that no font need be installed.
#include "captioned_picture.hpp"

#include <stb/stb_easy_font.h>

#include <algorithm>
#include <cstring>

#include "picture.hpp"

namespace examples {
namespace {

using flexdnn::frame_view;
using flexdnn::pixel_format;

constexpr int least_rows = 320, most_columns = 8192;  // of the enlarged picture
constexpr int line_height = 12;                       // stb_easy_font's, strokes
constexpr colour ink{240, 240, 240}, ground{24, 24, 24};

constexpr int even(int extent) { return extent + extent % 2; }

int times_of(const frame_view& frame) {
  const int wanted = (least_rows + frame.height - 1) / frame.height;
  return std::clamp(wanted, 1, std::max(most_columns / frame.width, 1));
}

/// BT.601's limited range.
std::array<std::uint8_t, 3> yuv_of(colour c) {
  const double r = c.red / 255.0, g = c.green / 255.0, b = c.blue / 255.0;
  const auto byte = [](double value) { return static_cast<std::uint8_t>(value + 0.5); };
  return {byte(16.0 + 65.481 * r + 128.553 * g + 24.966 * b),
          byte(128.0 - 37.797 * r - 74.203 * g + 112.0 * b),
          byte(128.0 + 112.0 * r - 93.786 * g - 18.214 * b)};
}

/// As channels last; nv12 and yuyv come from no source that is shown so.
colour pixel(const frame_view& f, int row, int column) {
  const std::uint8_t* const at = f.bytes + row * f.row;
  switch (f.format) {
    case pixel_format::rgb:
      return {at[3 * column], at[3 * column + 1], at[3 * column + 2]};
    case pixel_format::bgr:
      return {at[3 * column + 2], at[3 * column + 1], at[3 * column]};
    case pixel_format::planar_rgb:
      return {at[column], at[f.plane + column], at[2 * f.plane + column]};
    default:
      return {at[column], at[column], at[column]};
  }
}

}  // namespace

captioned_picture::captioned_picture(const frame_view& first)
    : is_nv12_(first.format == pixel_format::nv12),
      first_height_(first.height),
      first_width_(first.width),
      times_(times_of(first)),
      rows_(even(first.height * times_)),
      columns_(even(first.width * times_)),
      size_(std::max(std::min(rows_, columns_) / 200, columns_ < 200 ? 1 : 2)) {
  const auto pixels = static_cast<std::size_t>(height()) * static_cast<std::size_t>(columns_);
  bytes_.resize(is_nv12_ ? pixels / 2 * 3 : 3 * pixels);
  fill(0, 0, columns_, height(), ground);
}

void captioned_picture::show(const frame_view& frame) {
  if (is_nv12_) return show_nv12(frame);
  if (frame.height != first_height_ || frame.width != first_width_) return show_fitted(frame);
  show_rgb(frame);
}

void captioned_picture::show_nv12(const frame_view& frame) {
  // A row and a column that make an extent even repeat the last ones.
  const auto enlarge = [&](const std::uint8_t* from, std::ptrdiff_t row, int below, int each,
                           std::uint8_t* to) {
    const int last_row = (frame.height + below) / (below + 1) - 1;
    const int last_column = (frame.width + below) / (below + 1) - 1;
    for (int r = 0; r < rows_ / (below + 1); ++r, to += columns_) {
      const std::uint8_t* const line = from + std::min(r / times_, last_row) * row;
      for (int c = 0; c < columns_ / each; ++c) {
        std::memcpy(to + c * each, line + std::min(c / times_, last_column) * each,
                    static_cast<std::size_t>(each));
      }
    }
  };
  enlarge(frame.bytes, frame.row, 0, 1, bytes_.data());
  enlarge(frame.chroma, frame.chroma_row, 1, 2, bytes_.data() + std::ptrdiff_t{height()} * columns_);
}

void captioned_picture::show_fitted(const frame_view& frame) {
  const double share = std::min(static_cast<double>(first_height_) / frame.height,
                                static_cast<double>(first_width_) / frame.width);
  const auto fitted = [&](int extent, int most) {
    return std::clamp(static_cast<int>(share * extent + 0.5), 1, most);
  };
  const int h = fitted(frame.height, first_height_), w = fitted(frame.width, first_width_);
  const std::vector<std::uint8_t> resized =
      resize("a frame", frame.bytes, frame.row, {0, 0, frame.width, frame.height}, {3, h, w});
  fill(0, 0, columns_, rows_, ground);
  show_rgb({pixel_format::rgb, h, w, resized.data(), 3 * std::ptrdiff_t{w}});
}

void captioned_picture::show_rgb(const frame_view& frame) {
  const bool whole = frame.height == first_height_ && frame.width == first_width_;
  const int rows = whole ? rows_ : frame.height * times_, columns = whole ? columns_ : frame.width * times_;
  for (int r = 0; r < rows; ++r) {
    std::uint8_t* to = bytes_.data() + 3 * (std::ptrdiff_t{r} * columns_);
    for (int c = 0; c < columns; ++c) {
      const colour p =
          pixel(frame, std::min(r / times_, frame.height - 1), std::min(c / times_, frame.width - 1));
      *to++ = p.red, *to++ = p.green, *to++ = p.blue;
    }
  }
}

void captioned_picture::write(const caption& text) {
  fill(0, rows_, columns_, strip(), ground);
  fill(0, rows_, 4 * size_, strip(), text.mark);
  for (int i = 0; i < caption::rows; ++i)
    write_line(8 * size_, rows_ + (3 + line_height * i) * size_, text.lines[static_cast<std::size_t>(i)]);
}

void captioned_picture::write_line(int left, int top, std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  int size = size_;
  const auto fits = [&] { return left + size * stb_easy_font_width(text.data()) <= columns_; };
  while (size > 1 && !fits()) --size;
  for (std::size_t kept = text.size(); !fits() && kept > 0;) text = text.substr(0, --kept) + "..";
  struct corner {
    float x, y, z;
    std::uint8_t colour[4];
  };
  std::vector<corner> corners(100 * text.size() + 4);
  const int quads = stb_easy_font_print(0.0F, 0.0F, text.data(), nullptr, corners.data(),
                                        static_cast<int>(corners.size() * sizeof(corner)));
  for (std::size_t q = 0; q < static_cast<std::size_t>(quads); ++q) {
    const corner &a = corners[4 * q], &b = corners[4 * q + 2];  // of the quad's diagonal
    const auto at = [&](float strokes) { return static_cast<int>(strokes) * size; };
    fill(left + at(a.x), top + at(a.y), at(b.x) - at(a.x), at(b.y) - at(a.y), ink);
  }
}

void captioned_picture::fill(int left, int top, int width, int height, colour c) {
  width = std::min(width, columns_ - left), height = std::min(height, this->height() - top);
  const std::array<std::uint8_t, 3> yuv = yuv_of(c);
  const auto at = [&](int row, int column) {
    return bytes_.data() + (std::ptrdiff_t{row} * columns_ + column) * (is_nv12_ ? 1 : 3);
  };
  for (int r = top; r < top + height; ++r) {
    for (int k = left; k < left + width; ++k) {
      if (is_nv12_) {
        *at(r, k) = yuv[0];
      } else {
        at(r, k)[0] = c.red, at(r, k)[1] = c.green, at(r, k)[2] = c.blue;
      }
    }
    if (!is_nv12_ || r % 2 != 0) continue;
    std::uint8_t* const chroma = at(this->height() + r / 2, 0);
    for (int k = left + left % 2; k + 1 < left + width; k += 2) chroma[k] = yuv[1], chroma[k + 1] = yuv[2];
  }
}

}  // namespace examples
