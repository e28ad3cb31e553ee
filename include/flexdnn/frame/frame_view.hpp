// SPDX-License-Identifier: MIT
// frame_view: an image where a camera, a decoder or a file left it.
#pragma once

#include <cstddef>
#include <cstdint>

namespace flexdnn {

/// How pixels lie in memory, a byte each component.
enum class pixel_format : std::uint8_t {
  grey,        ///< Y Y Y ..., full range
  rgb,         ///< R G B R G B ...
  bgr,         ///< B G R B G R ...
  nv12,        ///< a plane of Y, then one of U V for every 2 x 2 pixels, limited range
  yuyv,        ///< Y U Y V for every two pixels of a row, limited range
  planar_rgb,  ///< a plane of R, one of G, one of B
};

/// Owns nothing. A part of an image is one as well: another first byte, the same bytes to the next row.
struct frame_view {
  pixel_format format = pixel_format::rgb;
  int height = 0, width = 0;  ///< pixels
  const std::uint8_t* bytes = nullptr;
  std::ptrdiff_t row = 0;                ///< bytes from a row to the next
  const std::uint8_t* chroma = nullptr;  ///< nv12: (height + 1) / 2 rows of (width + 1) / 2 pairs
  std::ptrdiff_t chroma_row = 0;
  std::ptrdiff_t plane = 0;  ///< planar_rgb: bytes from a plane to the next
};

}  // namespace flexdnn
