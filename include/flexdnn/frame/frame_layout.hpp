// SPDX-License-Identifier: MIT
// frame_layout: images of one format and extent in bytes, without gaps between rows and planes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

#include "frame_view.hpp"

namespace flexdnn {

struct frame_layout {
  pixel_format format = pixel_format::rgb;
  int height = 0, width = 0;

  /// Bytes of an image. 0: there is none, for an extent below 1, an odd width of yuyv, an unknown format, or
  /// more bytes than a pointer's difference can tell.
  [[nodiscard]] constexpr std::size_t bytes() const noexcept {
    if (height < 1 || width < 1) return 0;
    const auto h = static_cast<std::uint64_t>(height), w = static_cast<std::uint64_t>(width);
    std::uint64_t total = 0;  // at most 3 x 2^62
    switch (format) {
      case pixel_format::grey:
        total = h * w;
        break;
      case pixel_format::rgb:
      case pixel_format::bgr:
      case pixel_format::planar_rgb:
        total = h * w * 3;
        break;
      case pixel_format::nv12:
        total = h * w + (h + 1) / 2 * ((w + 1) / 2 * 2);
        break;
      case pixel_format::yuyv:
        total = w % 2 == 0 ? h * w * 2 : 0;
        break;
    }
    return total > std::uint64_t{std::numeric_limits<std::ptrdiff_t>::max()}
               ? 0
               : static_cast<std::size_t>(total);
  }

  /// image: bytes() of them, or more.
  [[nodiscard]] frame_view view(std::span<const std::byte> image) const noexcept {
    const auto* const first = reinterpret_cast<const std::uint8_t*>(image.data());
    const std::ptrdiff_t w = width, whole = w * height;
    switch (format) {
      case pixel_format::rgb:
      case pixel_format::bgr:
        return {format, height, width, first, 3 * w};
      case pixel_format::planar_rgb:
        return {format, height, width, first, w, nullptr, 0, whole};
      case pixel_format::nv12:
        return {format, height, width, first, w, first + whole, (w + 1) / 2 * 2};
      case pixel_format::yuyv:
        return {format, height, width, first, 2 * w};
      default:
        return {format, height, width, first, w};
    }
  }

  friend constexpr bool operator==(const frame_layout&, const frame_layout&) = default;
};

}  // namespace flexdnn
