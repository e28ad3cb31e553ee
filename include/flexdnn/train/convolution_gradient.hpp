// SPDX-License-Identifier: MIT
// convolution_gradient: the gradient of every linear layer (conv2d, depthwise, dense) by its parameters.
#pragma once

#include <algorithm>
#include <cstddef>
#include <type_traits>
#include <vector>

#include "../kernels/border.hpp"
#include "depthwise_gradient.hpp"
#include "outer_products.hpp"
#include "prepared_convolution.hpp"

namespace flexdnn {

/// dweight += dL/dweight, dbias += dL/dbias (null: not wanted), each in its parameter's layout, from n images
/// x {n, H, W, C} and dy = dL/dy {n, Ho, Wo, O}. dL/dx is prepared_convolution's. Cost: n macs(). The
/// workspace grows to the ordered weights and a bordered image; its contents mean nothing after.
template <class T>
void convolution_gradient(convolution c, int n, const T* x, const T* dy, T* dweight,
                          std::type_identity_t<T>* dbias, std::vector<T>& workspace) {
  if (dbias) {
    for (std::ptrdiff_t p = 0; p < static_cast<std::ptrdiff_t>(n) * c.out.pixels(); ++p) {
      for (std::ptrdiff_t o = 0; o < c.out.channels; ++o) dbias[o] += dy[p * c.out.channels + o];
    }
  }
  if (c.depthwise()) return depthwise_gradient(c, n, x, dy, dweight, workspace);
  if (c.pointwise()) {  // images are but more pixels
    c.in.height *= n, c.out.height *= n;
    n = 1;
  }
  const std::ptrdiff_t channels = c.in.channels, inputs = c.group_inputs(), taps = c.taps();
  const std::ptrdiff_t weights = taps * c.out.channels;
  const int height = (c.out.height - 1) * c.stride_h + c.reach_h();
  const int width = c.bordered_width();
  const std::ptrdiff_t bordered = height * width * channels + detail::outer_block<T>::columns;
  workspace.resize(std::max(workspace.size(), static_cast<std::size_t>(weights + bordered)));
  T* const gradient = workspace.data();
  T* const image = gradient + weights;
  std::fill_n(gradient, weights, T{0});
  const pixel_grid grid{c.out.height, c.out.width, c.stride_h * width * channels, c.stride_w * channels};
  // Without groups and dilation the windows' rows are adjacent numbers.
  const bool whole_rows = c.groups == 1 && c.dilation_w == 1;
  const int runs = whole_rows ? 1 : c.kernel_w;
  const auto columns = static_cast<int>(whole_rows ? c.kernel_w * inputs : inputs);
  for (; n > 0; --n, x += c.in.size(), dy += c.out.size()) {
    detail::copy_bordered(c, x, 0, c.out.height, image);
    for (std::ptrdiff_t g = 0; g < c.groups; ++g) {
      const std::ptrdiff_t first = g * c.group_outputs();
      for (std::ptrdiff_t u = 0; u < c.kernel_h; ++u) {
        for (std::ptrdiff_t v = 0; v < runs; ++v) {
          const std::ptrdiff_t pixel = u * c.dilation_h * width + v * c.dilation_w;
          outer_products(grid, image + pixel * channels + g * inputs, columns, c.out.channels, dy + first,
                         c.group_outputs(), gradient + first * taps + (u * c.kernel_w + v) * inputs, taps);
        }
      }
    }
  }
  detail::for_each_weight(c, [&](std::ptrdiff_t to, std::ptrdiff_t from) { dweight[to] += gradient[from]; });
}

}  // namespace flexdnn
