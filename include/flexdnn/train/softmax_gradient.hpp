// SPDX-License-Identifier: MIT
// softmax_gradient: softmax over the channels of every pixel of a mini-batch, and its gradient.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace flexdnn {

/// y[p,k] = exp(x[p,k]) / sum_j exp(x[p,j]).  x, y: {pixels, channels}.
template <class T>
void softmax_forward(std::size_t pixels, std::size_t channels, const T* x, T* y) {
  for (std::size_t p = 0; p < pixels; ++p, x += channels, y += channels) {
    const T top = *std::max_element(x, x + channels);
    T sum{0};
    for (std::size_t k = 0; k < channels; ++k) sum += y[k] = std::exp(x[k] - top);
    for (std::size_t k = 0; k < channels; ++k) y[k] /= sum;
  }
}

/// dx[p,k] = y[p,k] (dy[p,k] - sum_j dy[p,j] y[p,j]). dx may be dy.
template <class T>
void softmax_backward(std::size_t pixels, std::size_t channels, const T* y, const T* dy, T* dx) {
  for (std::size_t p = 0; p < pixels; ++p, y += channels, dy += channels, dx += channels) {
    T mean{0};
    for (std::size_t k = 0; k < channels; ++k) mean += dy[k] * y[k];
    for (std::size_t k = 0; k < channels; ++k) dx[k] = y[k] * (dy[k] - mean);
  }
}

}  // namespace flexdnn
