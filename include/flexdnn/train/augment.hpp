// SPDX-License-Identifier: MIT
// augment: random changes of an image that leave its label.
#pragma once

#include <cstdint>
#include <numbers>
#include <span>
#include <string>

#include "../core/shape.hpp"
#include "../core/status.hpp"
#include "adjust_colour.hpp"
#include "cut_out.hpp"
#include "random_generator.hpp"
#include "warp.hpp"

namespace flexdnn {

/// What may be done to an image without changing its label. What is 0 or false draws no number, so that
/// options added here change no training that goes without them.
struct augmentation {
  bool flip = true;       ///< mirror left and right, every second time
  int shift = 4;          ///< pixels it moves at most, up, down, left and right; black comes in from outside
  double rotation = 0.0;  ///< degrees it turns at most, either way, up to 180
  double scale = 0.0;     ///< share by which it grows or shrinks at most, below 1
  double brightness = 0.0;  ///< b of a factor from 1 - b to 1 + b, up to 1; contrast and saturation likewise
  double contrast = 0.0;
  double saturation = 0.0;
  int cutout = 0;  ///< side in pixels of a square that is hidden, its centre anywhere in the image

  /// Errors: bad_option.
  [[nodiscard]] status check() const {
    constexpr int most = 1 << 16;  // of pixels: no sum overflows
    if (shift < 0 || shift > most || cutout < 0 || cutout > most) {
      return status::error(code::bad_option, "augmentation: shift %d, cutout %d: wanted 0 to %d pixels",
                           shift, cutout, most);
    }
    if (!(rotation >= 0.0 && rotation <= 180.0) || !(scale >= 0.0 && scale < 1.0)) {
      return status::error(code::bad_option,
                           "augmentation: rotation %g, scale %g: wanted 0 to 180 degrees, and 0 to below 1",
                           rotation, scale);
    }
    for (const double b : {brightness, contrast, saturation}) {
      if (b >= 0.0 && b <= 1.0) continue;
      return status::error(code::bad_option,
                           "augmentation: brightness %g, contrast %g, saturation %g: wanted 0 to 1 each",
                           brightness, contrast, saturation);
    }
    return {};
  }

  /// As text; what came after flip and shift only where it is used, so that older checkpoints stay good.
  [[nodiscard]] std::string recipe() const {
    std::string text = "flip " + std::to_string(flip) + ", shift " + std::to_string(shift);
    const auto name = [&](const char* what, auto value) {
      if (value != 0) text += std::string(", ") + what + " " + std::to_string(value);
    };
    name("rotation", rotation);
    name("scale", scale);
    name("brightness", brightness);
    name("contrast", contrast);
    name("saturation", saturation);
    name("cutout", cutout);
    return text;
  }
};

/// Writes an augmented copy of a planar image {C, H, W}: flip and shift as He et al. 2016, section 4.2 (pad
/// by 4, crop, flip), rotation, scale, colour, cutout. options.check() holds.
inline void augment(const augmentation& options, shape extent, std::span<const std::uint8_t> from,
                    random_generator& random, std::span<std::uint8_t> to) {
  const auto around = [&](double most) { return most > 0.0 ? most * (2.0 * random.uniform() - 1.0) : 0.0; };
  const auto size = [](int side) { return static_cast<std::uint32_t>(side); };
  movement m;
  m.mirror = options.flip && (random.next() & 1U) != 0;
  m.down = static_cast<int>(random.below(size(2 * options.shift + 1))) - options.shift;
  m.right = static_cast<int>(random.below(size(2 * options.shift + 1))) - options.shift;
  m.angle = around(options.rotation) * std::numbers::pi / 180.0;
  m.scale = 1.0 + around(options.scale);
  warp(m, extent, from, to);
  colour_factors factors;
  factors.brightness = 1.0 + around(options.brightness);
  factors.contrast = 1.0 + around(options.contrast);
  factors.saturation = 1.0 + around(options.saturation);
  adjust_colour(factors, extent, to);
  if (options.cutout > 0) {
    const int row = static_cast<int>(random.below(size(extent.height)));
    const int column = static_cast<int>(random.below(size(extent.width)));
    cut_out(options.cutout, row, column, extent, to);
  }
}

}  // namespace flexdnn
