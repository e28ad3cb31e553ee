// SPDX-License-Identifier: MIT
// frame_converter: from a camera's image of any size to the normalised map that a network reads, in one pass.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

#include "../core/channel_order.hpp"
#include "../core/shape.hpp"
#include "../core/status.hpp"
#include "frame_view.hpp"
#include "resample.hpp"

namespace flexdnn {

/// Data: a struct as models/cifar10.hpp, of 1 or 3 channels. MaxWidth: pixels of the widest image; a
/// converter takes some 12 bytes for each of them and allocates nothing.
template <class Data, int MaxWidth = 4096>
class frame_converter {
  static_assert(Data::frame.channels == 1 || Data::frame.channels == 3,
                "frame_converter: a network of 1 or 3 channels is wanted");

 public:
  static constexpr shape frame = Data::frame;

  /// The whole image, brought to the network's extent by a triangle filter (see resample.hpp; what stays
  /// unrounded there PyTorch rounds to bytes), as normalize_interleaved gives it, bit for bit where no extent
  /// changes. Colours of nv12 and yuyv are BT.601's. Between colour and grey: 0.299 R + 0.587 G + 0.114 B,
  /// and three times the same. out: frame.size() floats, channels last.
  [[nodiscard]] status convert(const frame_view& image, float* out) noexcept {
    if (const status s = check(image); !s) return s;
    const layout l = layout_of(image);
    for (int c = 0; c < l.components; ++c) place_columns(l.at[static_cast<std::size_t>(c)], c == 0 ? 0 : 1);
    for (int y = 0; y < frame.height; ++y, out += frame.width * frame.channels) {
      for (int c = 0; c < l.components; ++c) {
        const component& from = l.at[static_cast<std::size_t>(c)];
        if (c == 0 || from.rows.bytes != l.at[static_cast<std::size_t>(c) - 1].rows.bytes)
          add_rows(from.rows, y);
        add_columns(from, c == 0 ? 0 : 1, values_[static_cast<std::size_t>(c)]);
      }
      colour(image.format, l.components, out);
    }
    return {};
  }

 private:
  static constexpr std::size_t columns = frame.width;
  static constexpr bool grey = frame.channels == 1;

  struct plane {
    const std::uint8_t* bytes;
    std::ptrdiff_t row;
    int height, row_bytes;
  };
  struct component {  ///< of a pixel; pixel x is byte x * step + offset of a plane's row
    plane rows;
    int width, step, offset;
  };
  struct layout {
    int components;
    std::array<component, 3> at;
  };

  static int bytes_of_pixel(pixel_format format) noexcept {
    if (format == pixel_format::rgb || format == pixel_format::bgr) return 3;
    return format == pixel_format::yuyv ? 2 : 1;
  }

  static status check(const frame_view& image) noexcept {
    if (image.width < 1 || image.height < 1 || image.width > MaxWidth) {
      return status::error(code::bad_option, "image: %d x %d pixels, wanted 1 to %d a row", image.height,
                           image.width, MaxWidth);
    }
    if (image.format > pixel_format::planar_rgb) {
      return status::error(code::bad_option, "image: there is no pixel format %d",
                           static_cast<int>(image.format));
    }
    if (image.format == pixel_format::yuyv && image.width % 2 != 0) {
      return status::error(code::bad_option, "image: rows of %d pixels, yuyv has pairs of them", image.width);
    }
    const bool planes = image.format == pixel_format::nv12;
    if (image.bytes == nullptr || (planes && image.chroma == nullptr)) {
      return status::error(code::bad_option, "image: no %s",
                           image.bytes == nullptr ? "pixels" : "plane of chroma");
    }
    return {};
  }

  static layout layout_of(const frame_view& image) noexcept {
    const int w = image.width, each = bytes_of_pixel(image.format);
    const plane whole{image.bytes, image.row, image.height, w * each};
    switch (image.format) {
      case pixel_format::rgb:
        return {3, {{{whole, w, 3, 0}, {whole, w, 3, 1}, {whole, w, 3, 2}}}};
      case pixel_format::bgr:
        return {3, {{{whole, w, 3, 2}, {whole, w, 3, 1}, {whole, w, 3, 0}}}};
      case pixel_format::nv12: {
        const plane pairs{image.chroma, image.chroma_row, (image.height + 1) / 2, (w + 1) / 2 * 2};
        return {grey ? 1 : 3, {{{whole, w, 1, 0}, {pairs, (w + 1) / 2, 2, 0}, {pairs, (w + 1) / 2, 2, 1}}}};
      }
      case pixel_format::yuyv:
        return {grey ? 1 : 3, {{{whole, w, 2, 0}, {whole, w / 2, 4, 1}, {whole, w / 2, 4, 3}}}};
      case pixel_format::planar_rgb: {
        const auto rows = [&](int c) {
          return component{{image.bytes + c * image.plane, image.row, image.height, w}, w, 1, 0};
        };
        return {3, {{rows(0), rows(1), rows(2)}}};
      }
      default:
        return {1, {{{whole, w, 1, 0}}}};
    }
  }

  void place_columns(const component& from, std::size_t set) noexcept {
    if (placed_[set] == from.width) return;
    placed_[set] = from.width;
    for (int x = 0; x < frame.width; ++x)
      across_[set][static_cast<std::size_t>(x)] = detail::triangle(x, from.width, frame.width);
  }

  void add_rows(const plane& from, int y) noexcept {
    const detail::triangle down(y, from.height, frame.height);
    std::fill_n(sums_.data(), from.row_bytes, 0.0F);
    for (int i = down.first; i < down.last; ++i)
      detail::add_row(from.bytes + i * from.row, from.row_bytes, down.weight(i), sums_.data());
  }

  void add_columns(const component& from, std::size_t set, std::array<float, columns>& to) const noexcept {
    for (std::size_t x = 0; x < columns; ++x) {
      const detail::triangle& t = across_[set][x];
      float sum = 0.0F;
      for (int i = t.first; i < t.last; ++i)
        sum += t.weight(i) * sums_[static_cast<std::size_t>(i * from.step + from.offset)];
      to[x] = sum;
    }
  }

  /// One row of pixels out of one of components.
  void colour(pixel_format format, int components, float* out) const noexcept {
    const bool yuv = format == pixel_format::nv12 || format == pixel_format::yuyv;
    for (std::size_t x = 0; x < columns; ++x, out += frame.channels) {
      float pixel[3] = {values_[0][x], values_[1][x], values_[2][x]};
      if (yuv) {
        const float light = 1.1643836F * (pixel[0] - 16.0F), u = pixel[1] - 128.0F, v = pixel[2] - 128.0F;
        pixel[0] = clamped(grey ? light : light + 1.5960268F * v);
        pixel[1] = clamped(light - 0.3917623F * u - 0.8129676F * v);
        pixel[2] = clamped(light + 2.0172321F * u);
      }
      if constexpr (grey) {
        if (components == 3) pixel[0] = 0.299F * pixel[0] + 0.587F * pixel[1] + 0.114F * pixel[2];
      } else if (components == 1) {
        pixel[1] = pixel[2] = pixel[0];
      }
      for (int c = 0; c < frame.channels; ++c) {
        const auto to = static_cast<std::size_t>(c);
        out[c] = (pixel[reversed ? frame.channels - 1 - c : c] / unit - Data::mean[to]) / Data::deviation[to];
      }
    }
  }

  static float clamped(float value) noexcept { return std::clamp(value, 0.0F, 255.0F); }

  static constexpr float unit = [] {
    if constexpr (requires { Data::unit; }) return Data::unit;
    return 255.0F;
  }();
  static constexpr bool reversed = [] {
    if constexpr (requires { Data::order; }) return Data::order == channel_order::reversed;
    return false;
  }();

  alignas(64) std::array<float, std::size_t{MaxWidth} * 3> sums_;  ///< of a plane's rows, each byte
  std::array<std::array<float, columns>, 3> values_{};
  std::array<std::array<detail::triangle, columns>, 2> across_;  ///< of pixels, and of chroma
  std::array<int, 2> placed_{};                                  ///< for how wide a row
};

}  // namespace flexdnn
