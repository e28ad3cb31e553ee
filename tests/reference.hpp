// SPDX-License-Identifier: MIT
// reference: naive double-precision twins of the kernels, and the small tools that tests share.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <flexdnn/core/shape.hpp>
#include <flexdnn/kernels/convolution.hpp>
#include <flexdnn/kernels/pool.hpp>
#include <limits>
#include <random>
#include <vector>

namespace reference {

/// Element (c, h, w) of a channels-last map.
[[nodiscard]] inline std::size_t at(const flexdnn::shape& s, int c, int h, int w) {
  return static_cast<std::size_t>((h * s.width + w) * s.channels + c);
}

[[nodiscard]] inline bool inside(const flexdnn::shape& s, int h, int w) {
  return h >= 0 && h < s.height && w >= 0 && w < s.width;
}

/// n floats, uniform in [-1, 1).
[[nodiscard]] inline std::vector<float> uniform(std::size_t n, std::mt19937& random) {
  std::uniform_real_distribution<float> value(-1.0f, 1.0f);
  std::vector<float> result(n);
  for (float& x : result) x = value(random);
  return result;
}

/// ||got - wanted|| / max(||wanted||, 1): relative, but absolute where a map nearly cancels out. NaN where
/// either holds a NaN.
template <class Got, class Wanted>
[[nodiscard]] double relative_l2(const Got& got, const Wanted& wanted) {
  double difference = 0;
  double norm = 0;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const double d = static_cast<double>(got[i]) - static_cast<double>(wanted[i]);
    difference += d * d;
    norm += static_cast<double>(wanted[i]) * static_cast<double>(wanted[i]);
  }
  return std::sqrt(difference / std::fmax(norm, 1.0));
}

/// A convolution over every option at once: odd channel counts around those of vectors (4, 8, 16), all
/// kinds of groups, kernels that barely fit their padded input, maps of one pixel.
[[nodiscard]] inline flexdnn::convolution random_convolution(std::mt19937& random) {
  const auto draw = [&](int least, int most) {
    return std::uniform_int_distribution<int>(least, most)(random);
  };
  constexpr int counts[] = {1, 2, 3, 4, 5, 7, 8, 9, 12, 15, 16, 17, 24, 31, 32, 33, 40};
  const auto channels = [&](int most) { return counts[draw(0, most)]; };
  flexdnn::convolution c;
  switch (draw(0, 4)) {
    case 0:  // depthwise
      c.groups = c.in.channels = c.out.channels = channels(16);
      break;
    case 1:  // a channel multiplier
      c.groups = c.in.channels = channels(7);
      c.out.channels = c.groups * draw(1, 5);
      break;
    case 2:  // groups of several channels
      c.groups = draw(2, 4);
      c.in.channels = c.groups * channels(8);
      c.out.channels = c.groups * channels(13);
      break;
    default:
      c.in.channels = channels(16);
      c.out.channels = channels(16);
  }
  const bool pointwise = draw(0, 3) == 0;
  const auto axis = [&](int& extent, int& kernel, int& stride, int& padding, int& dilation, int& result) {
    kernel = pointwise ? 1 : draw(1, 5);
    stride = pointwise && draw(0, 1) == 0 ? 1 : draw(1, 3);
    dilation = draw(1, 3);
    padding = draw(0, 2) == 0 ? draw(0, 3) : kernel > 1 && draw(0, 1) == 0 ? kernel / 2 : 0;
    const int reach = (kernel - 1) * dilation + 1;
    const int least = reach - 2 * padding > 1 ? reach - 2 * padding : 1;
    extent = draw(0, 4) == 0 ? least : draw(least, least + 12);
    result = (extent + 2 * padding - reach) / stride + 1;
  };
  axis(c.in.height, c.kernel_h, c.stride_h, c.padding_h, c.dilation_h, c.out.height);
  axis(c.in.width, c.kernel_w, c.stride_w, c.padding_w, c.dilation_w, c.out.width);
  return c;
}

/// y of convolution's equation, channels last; `weight` O,I/groups,kH,kW; bias may be nullptr.
[[nodiscard]] inline std::vector<double> convolve(const flexdnn::convolution& c, const float* in,
                                                  const float* weight, const float* bias) {
  std::vector<double> out(c.out.size());
  const int inputs = c.in.channels / c.groups;
  const int outputs = c.out.channels / c.groups;
  for (int o = 0; o < c.out.channels; ++o) {
    for (int row = 0; row < c.out.height; ++row) {
      for (int column = 0; column < c.out.width; ++column) {
        double sum = bias != nullptr ? static_cast<double>(bias[o]) : 0.0;
        for (int i = 0; i < inputs; ++i) {
          for (int u = 0; u < c.kernel_h; ++u) {
            for (int v = 0; v < c.kernel_w; ++v) {
              const int h = row * c.stride_h + u * c.dilation_h - c.padding_h;
              const int w = column * c.stride_w + v * c.dilation_w - c.padding_w;
              if (!inside(c.in, h, w)) continue;
              const double x = static_cast<double>(in[at(c.in, o / outputs * inputs + i, h, w)]);
              sum += x * static_cast<double>(weight[((o * inputs + i) * c.kernel_h + u) * c.kernel_w + v]);
            }
          }
        }
        out[at(c.out, o, row, column)] = sum;
      }
    }
  }
  return out;
}

/// Folds the pixels of every pooling window that lie inside the input.
template <class Combine>
[[nodiscard]] std::vector<double> pool(const flexdnn::pooling& p, const float* in, double start,
                                       Combine combine) {
  std::vector<double> out(p.out.size(), start);
  for (int c = 0; c < p.out.channels; ++c) {
    for (int row = 0; row < p.out.height; ++row) {
      for (int column = 0; column < p.out.width; ++column) {
        double& y = out[at(p.out, c, row, column)];
        for (int u = 0; u < p.kernel_h; ++u) {
          for (int v = 0; v < p.kernel_w; ++v) {
            const int h = row * p.stride_h + u - p.padding_h;
            const int w = column * p.stride_w + v - p.padding_w;
            if (inside(p.in, h, w)) y = combine(y, static_cast<double>(in[at(p.in, c, h, w)]));
          }
        }
      }
    }
  }
  return out;
}

[[nodiscard]] inline std::vector<double> max_pool(const flexdnn::pooling& p, const float* in) {
  return pool(p, in, -std::numeric_limits<double>::infinity(),
              [](double most, double x) { return std::isnan(most) || most > x ? most : x; });
}

[[nodiscard]] inline std::vector<double> average_pool(const flexdnn::pooling& p, const float* in) {
  std::vector<double> out = pool(p, in, 0.0, [](double sum, double x) { return sum + x; });
  // Elements of a window along one axis: those in the input, or all that are not beyond the padding.
  const auto counted = [&](int first, int kernel, int extent, int beyond) {
    int inside_input = 0;
    for (int i = first; i < first + kernel; ++i) inside_input += i >= 0 && i < extent ? 1 : 0;
    return p.count_padding ? kernel - beyond : inside_input;
  };
  for (int row = 0; row < p.out.height; ++row) {
    for (int column = 0; column < p.out.width; ++column) {
      const int h = counted(row * p.stride_h - p.padding_h, p.kernel_h, p.in.height,
                            row + 1 == p.out.height ? p.beyond_h : 0);
      const int w = counted(column * p.stride_w - p.padding_w, p.kernel_w, p.in.width,
                            column + 1 == p.out.width ? p.beyond_w : 0);
      for (int c = 0; c < p.out.channels; ++c) out[at(p.out, c, row, column)] /= h * w;
    }
  }
  return out;
}

[[nodiscard]] inline std::vector<double> average_pixels(const flexdnn::shape& s, const float* in) {
  std::vector<double> out(static_cast<std::size_t>(s.channels));
  for (std::size_t i = 0; i < s.size(); ++i) out[i % out.size()] += static_cast<double>(in[i]);
  for (double& y : out) y /= s.pixels();
  return out;
}

}  // namespace reference
