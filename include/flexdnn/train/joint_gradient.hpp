// SPDX-License-Identifier: MIT
// joint_gradient: maps that meet (products, parts of a concatenation) or are moved, and their gradients.
#pragma once

#include <algorithm>
#include <cstddef>

namespace flexdnn {

/// y[p,k] = x[p,k] factor[k].  x, y: {pixels, channels}.
template <class T>
void scale_forward(std::size_t pixels, std::size_t channels, const T* x, const T* factor, T* y) {
  for (std::size_t p = 0; p < pixels; ++p, x += channels, y += channels) {
    for (std::size_t k = 0; k < channels; ++k) y[k] = x[k] * factor[k];
  }
}

/// dx[p,k] = dy[p,k] factor[k], dfactor[k] = sum_p dy[p,k] x[p,k]; either null: not wanted. dx may be dy.
template <class T>
void scale_backward(std::size_t pixels, std::size_t channels, const T* x, const T* factor, const T* dy, T* dx,
                    T* dfactor) {
  if (dfactor) std::fill_n(dfactor, channels, T{0});
  for (std::size_t p = 0; p < pixels; ++p, x += channels, dy += channels) {
    for (std::size_t k = 0; dfactor && k < channels; ++k) dfactor[k] += dy[k] * x[k];
    if (!dx) continue;
    for (std::size_t k = 0; k < channels; ++k) dx[k] = dy[k] * factor[k];
    dx += channels;
  }
}

/// Copies {pixels, channels} between maps with that many numbers from pixel to pixel: a part into a
/// concatenation, or its gradient out of it.
template <class T>
void copy_channels(std::size_t pixels, std::size_t channels, const T* from, std::size_t from_pitch, T* to,
                   std::size_t to_pitch) {
  for (std::size_t p = 0; p < pixels; ++p) std::copy_n(from + p * from_pitch, channels, to + p * to_pitch);
}

/// y[i] = x[from[i]], 0 where from[i] < 0.
template <class T, class Sources>
void gather_forward(const Sources& from, const T* x, T* y) {
  for (std::size_t i = 0; i < from.size(); ++i) y[i] = from[i] < 0 ? T{0} : x[from[i]];
}

/// dx[from[i]] += dy[i]; dx has `inputs` numbers and is overwritten.
template <class T, class Sources>
void gather_backward(const Sources& from, const T* dy, std::size_t inputs, T* dx) {
  std::fill_n(dx, inputs, T{0});
  for (std::size_t i = 0; i < from.size(); ++i) {
    if (from[i] >= 0) dx[from[i]] += dy[i];
  }
}

}  // namespace flexdnn
