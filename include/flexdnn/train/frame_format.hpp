// SPDX-License-Identifier: MIT
// frame_format: how a data set's bytes become frames.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "../core/shape.hpp"
#include "../kernels/convert.hpp"

namespace flexdnn {

/// of<Data>() of a struct as models/cifar10.hpp.
struct frame_format {
  shape frame;
  std::vector<float> mean, deviation;  ///< of each channel, 1 is a full byte

  template <class Data>
  [[nodiscard]] static frame_format of() {
    return {Data::frame,
            {Data::mean.begin(), Data::mean.end()},
            {Data::deviation.begin(), Data::deviation.end()}};
  }

  /// bytes: planar, row by row; out: channels last, normalised; both as many as the frame has.
  void convert(std::span<const std::uint8_t> bytes, std::span<float> out) const {
    normalize_planar(frame, bytes.data(), mean, deviation, out.data());
  }
};

}  // namespace flexdnn
