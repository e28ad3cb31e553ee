// SPDX-License-Identifier: MIT
// relu_gradient: the rectifier over a mini-batch, and its gradient.
#pragma once

#include <cstddef>

namespace flexdnn {

/// y[i] = x[i] < 0 ? 0 : x[i]; NaN stays NaN. y may be x.
template <class T>
void relu_forward(std::size_t size, const T* x, T* y) {
  for (std::size_t i = 0; i < size; ++i) y[i] = x[i] < T{0} ? T{0} : x[i];
}

/// dx[i] = y[i] > 0 ? dy[i] : 0, with 0 at the kink as in PyTorch. Takes the output, so that x may have
/// been overwritten; dx may be dy.
template <class T>
void relu_backward(std::size_t size, const T* y, const T* dy, T* dx) {
  for (std::size_t i = 0; i < size; ++i) dx[i] = y[i] > T{0} ? dy[i] : T{0};
}

}  // namespace flexdnn
