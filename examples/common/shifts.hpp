// SPDX-License-Identifier: MIT
// shifts: what happens to a camera's pictures in the field: dusk, a lens out of focus, a noisy sensor.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <flexdnn/core/shape.hpp>
#include <random>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace examples {

enum class shift : std::uint8_t { none, dark, blur, noise };

inline constexpr std::array<std::string_view, 4> shift_names{"none", "dark", "blur", "noise"};

[[nodiscard]] inline shift find_shift(const std::string& name) {
  const auto found = std::ranges::find(shift_names, name);
  if (found != shift_names.end()) return static_cast<shift>(found - shift_names.begin());
  throw std::runtime_error("unknown shift '" + name + "': none, dark, blur or noise");
}

/// Planar bytes, in place. strength, 0 to 1: how much of the light is gone; of the mean of 3 x 3 pixels that
/// is mixed in, three times over; the noise's standard deviation over 255.
inline void apply_shift(shift kind, double strength, flexdnn::shape extent, std::span<std::uint8_t> pixels,
                        std::mt19937_64& random) {
  const auto byte = [](double v) {
    return static_cast<std::uint8_t>(std::lround(std::clamp(v, 0.0, 255.0)));
  };
  if (kind == shift::dark) {
    for (std::uint8_t& p : pixels) p = byte((1.0 - strength) * p);
  } else if (kind == shift::noise) {
    std::normal_distribution<double> noise(0.0, 255.0 * strength);
    for (std::uint8_t& p : pixels) p = byte(p + noise(random));
  } else if (kind == shift::blur) {
    for (int round = 0; round < 3; ++round) {
      const std::vector<std::uint8_t> sharp(pixels.begin(), pixels.end());
      const auto at = [&](int c, int y, int x) {
        const int row = std::clamp(y, 0, extent.height - 1), column = std::clamp(x, 0, extent.width - 1);
        return static_cast<std::size_t>((c * extent.height + row) * extent.width + column);
      };
      for (int c = 0; c < extent.channels; ++c) {
        for (int y = 0; y < extent.height; ++y) {
          for (int x = 0; x < extent.width; ++x) {
            double mean = 0.0;
            for (int d = 0; d < 9; ++d) mean += sharp[at(c, y + d / 3 - 1, x + d % 3 - 1)] / 9.0;
            const std::size_t here = at(c, y, x);
            pixels[here] = byte((1.0 - strength) * sharp[here] + strength * mean);
          }
        }
      }
    }
  }
}

}  // namespace examples
