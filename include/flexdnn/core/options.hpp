// SPDX-License-Identifier: MIT
// Options of layers as named types, in any order: conv2d<16, kernel<3>, stride<2>>.
#pragma once

#include "shape.hpp"

namespace flexdnn {

/// What the options of a windowed layer (convolution, pooling) amount to. -1: not given.
struct window_options {
  int kernel_h = 1, kernel_w = 1;
  int stride_h = -1, stride_w = -1;
  int padding_h = -1, padding_w = -1;           ///< above and to the left
  int padding_bottom = -1, padding_right = -1;  ///< -1: as above, as to the left
  int dilation_h = 1, dilation_w = 1;
  int groups = 1;
  bool bias = true;
  bool same = false;          ///< padding as TensorFlow's SAME, whatever padding_* say
  bool ceil = false;          ///< a last window that hangs over the padded input counts
  bool count_padding = true;  ///< an average is over the padding too
  bool unknown = false;       ///< something that is no option was given

  /// Every number in the range that makes sense, whatever the input.
  [[nodiscard]] constexpr bool in_range() const {
    return kernel_h > 0 && kernel_w > 0 && stride_h > 0 && stride_w > 0 && padding_h >= 0 && padding_w >= 0 &&
           padding_bottom >= -1 && padding_right >= -1 && dilation_h > 0 && dilation_w > 0 && groups > 0;
  }

  [[nodiscard]] constexpr int reach_h() const { return dilation_h * (kernel_h - 1) + 1; }
  [[nodiscard]] constexpr int reach_w() const { return dilation_w * (kernel_w - 1) + 1; }

  /// The windows along one axis of an input.
  struct axis {
    int before, after;  ///< padding
    int output;         ///< how many windows
    int beyond;         ///< elements of the last one past the padding: 0 without ceil
  };
  [[nodiscard]] constexpr axis rows(int height) const {
    return along(height, reach_h(), stride_h, padding_h, padding_bottom);
  }
  [[nodiscard]] constexpr axis columns(int width) const {
    return along(width, reach_w(), stride_w, padding_w, padding_right);
  }
  [[nodiscard]] constexpr int output_h(int height) const { return rows(height).output; }
  [[nodiscard]] constexpr int output_w(int width) const { return columns(width).output; }

  /// The smallest input, with the channels of `in`, that holds a window.
  [[nodiscard]] constexpr shape least(shape in) const {
    const axis r = rows(in.height), c = columns(in.width);
    return {in.channels, reach_h() - r.before - r.after, reach_w() - c.before - c.after};
  }
  [[nodiscard]] constexpr bool fits(shape in) const {
    return in.height >= least(in).height && in.width >= least(in).width;
  }

  friend constexpr bool operator==(const window_options&, const window_options&) = default;

 private:
  /// As PyTorch rounds: down, or with ceil up, but no window begins past the input. SAME gives
  /// ceil(extent / stride) windows, and the odd element of padding comes after (TensorFlow's tf.nn).
  [[nodiscard]] constexpr axis along(int extent, int reach, int stride, int first, int last) const {
    axis a{first, last < 0 ? first : last, 0, 0};
    if (same) {
      const int total = ((extent + stride - 1) / stride - 1) * stride + reach - extent;
      a.before = total > 0 ? total / 2 : 0;
      a.after = total > 0 ? total - a.before : 0;
    }
    const int room = extent + a.before + a.after - reach;
    a.output = room / stride + 1;
    if (ceil && room % stride > 0 && a.output * stride < extent + a.before) {
      a.beyond = stride - room % stride;
      ++a.output;
    }
    return a;
  }
};

template <int Height, int Width = Height>
struct kernel {
  static constexpr void set(window_options& w) { w.kernel_h = Height, w.kernel_w = Width; }
};

template <int Height, int Width = Height>
struct stride {
  static constexpr void set(window_options& w) { w.stride_h = Height, w.stride_w = Width; }
};

/// The same on opposite sides unless all four are given.
template <int Top, int Left = Top, int Bottom = Top, int Right = Left>
struct padding {
  static constexpr void set(window_options& w) {
    w.padding_h = Top, w.padding_w = Left, w.padding_bottom = Bottom, w.padding_right = Right;
    w.same = false;
  }
};

/// TensorFlow's SAME: as much as gives ceil(extent / stride) windows, the odd pixel at the bottom and right.
struct same_padding {
  static constexpr void set(window_options& w) { padding<0>::set(w), w.same = true; }
};

template <int Height, int Width = Height>
struct dilation {
  static constexpr void set(window_options& w) { w.dilation_h = Height, w.dilation_w = Width; }
};

template <int Count>
struct groups {
  static constexpr void set(window_options& w) { w.groups = Count; }
};

template <bool Present>
struct bias {
  static constexpr void set(window_options& w) { w.bias = Present; }
};

/// Pools: a last window that hangs over the padded input gives an output too (PyTorch's ceil_mode).
struct ceil_mode {
  static constexpr void set(window_options& w) { w.ceil = true; }
};

/// Average pools: whether zeros of the padding count (PyTorch's count_include_pad, true there and here).
template <bool Counts>
struct count_padding {
  static constexpr void set(window_options& w) { w.count_padding = Counts; }
};

/// Reads options in any order; the last of two alike wins.
template <class... Options>
[[nodiscard]] consteval window_options read_options() {
  window_options result;
  [[maybe_unused]] const auto read = [&]<class Option>(Option*) {
    if constexpr (requires { Option::set(result); }) {
      Option::set(result);
    } else {
      result.unknown = true;
    }
  };
  (read(static_cast<Options*>(nullptr)), ...);
  return result;
}

}  // namespace flexdnn
