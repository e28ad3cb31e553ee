// SPDX-License-Identifier: MIT
// convert: from a camera's or a data set's bytes to the normalised channels-last map a network reads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "../core/channel_order.hpp"
#include "../core/shape.hpp"

namespace flexdnn {

namespace detail {

/// y[p,c] = (x / unit - mean[c]) / deviation[c], divided as PyTorch divides, so that bits agree; byte
/// (p, c) lies at bytes[p * pixel_step + c * channel_step], with the channels reversed at C - 1 - c.
inline void normalize(const shape& s, const std::uint8_t* bytes, std::ptrdiff_t pixel_step,
                      std::ptrdiff_t channel_step, std::span<const float> mean,
                      std::span<const float> std_deviation, float* out, float unit,
                      channel_order order) noexcept {
  for (int c = 0; c < s.channels; ++c) {
    const std::uint8_t* x = bytes + (order == channel_order::kept ? c : s.channels - 1 - c) * channel_step;
    const float center = mean[static_cast<std::size_t>(c)];
    const float deviation = std_deviation[static_cast<std::size_t>(c)];
    for (int p = 0; p < s.pixels(); ++p) {
      const float share = static_cast<float>(x[p * pixel_step]) / unit;
      out[static_cast<std::ptrdiff_t>(p) * s.channels + c] = (share - center) / deviation;
    }
  }
}

}  // namespace detail

/// out[h,w,c] = (planar[c,h,w] / 255 - mean[c]) / std_deviation[c]: torchvision's ToTensor and Normalize
/// for one plane per channel (CIFAR-10's records). mean and std_deviation hold s.channels floats. Networks
/// that want bytes less a mean divide by a unit of 1; mean and deviation are in the order of the output.
inline void normalize_planar(const shape& s, const std::uint8_t* planar, std::span<const float> mean,
                             std::span<const float> std_deviation, float* out, float unit = 255.0F,
                             channel_order order = channel_order::kept) noexcept {
  detail::normalize(s, planar, 1, s.pixels(), mean, std_deviation, out, unit, order);
}

/// The same for interleaved bytes, interleaved[h,w,c], as cameras and image files deliver them.
inline void normalize_interleaved(const shape& s, const std::uint8_t* interleaved,
                                  std::span<const float> mean, std::span<const float> std_deviation,
                                  float* out, float unit = 255.0F,
                                  channel_order order = channel_order::kept) noexcept {
  detail::normalize(s, interleaved, s.channels, 1, mean, std_deviation, out, unit, order);
}

}  // namespace flexdnn
