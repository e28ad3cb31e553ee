// SPDX-License-Identifier: MIT
// Options of layers as named types, in any order: conv2d<16, kernel<3>, stride<2>>.
#pragma once

namespace flexdnn {

/// What the options of a windowed layer (convolution, pooling) amount to. -1: not given.
struct window_options {
  int kernel_h = 1, kernel_w = 1;
  int stride_h = -1, stride_w = -1;
  int padding_h = -1, padding_w = -1;
  int dilation_h = 1, dilation_w = 1;
  int groups = 1;
  bool bias = true;
  bool unknown = false;  ///< something that is no option was given

  /// Every number in the range that makes sense, whatever the input.
  [[nodiscard]] constexpr bool in_range() const {
    return kernel_h > 0 && kernel_w > 0 && stride_h > 0 && stride_w > 0 && padding_h >= 0 && padding_w >= 0 &&
           dilation_h > 0 && dilation_w > 0 && groups > 0;
  }

  /// Extents of the output for an input of height x width, as PyTorch rounds (down).
  [[nodiscard]] constexpr int output_h(int height) const {
    return (height + 2 * padding_h - dilation_h * (kernel_h - 1) - 1) / stride_h + 1;
  }
  [[nodiscard]] constexpr int output_w(int width) const {
    return (width + 2 * padding_w - dilation_w * (kernel_w - 1) - 1) / stride_w + 1;
  }
  [[nodiscard]] constexpr int reach_h() const { return dilation_h * (kernel_h - 1) + 1; }
  [[nodiscard]] constexpr int reach_w() const { return dilation_w * (kernel_w - 1) + 1; }

  friend constexpr bool operator==(const window_options&, const window_options&) = default;
};

template <int Height, int Width = Height>
struct kernel {
  static constexpr void set(window_options& w) { w.kernel_h = Height, w.kernel_w = Width; }
};

template <int Height, int Width = Height>
struct stride {
  static constexpr void set(window_options& w) { w.stride_h = Height, w.stride_w = Width; }
};

template <int Height, int Width = Height>
struct padding {
  static constexpr void set(window_options& w) { w.padding_h = Height, w.padding_w = Width; }
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
