// SPDX-License-Identifier: MIT
// dropout_gradient: inverted dropout over a mini-batch, and its gradient.
#pragma once

#include <cstddef>
#include <cstdint>

#include "random_generator.hpp"

namespace flexdnn {

/// y[i] = x[i] mask[i] / (1 - probability), mask[i] = 0 with the given probability, else 1, so that the
/// expectation stays and inference needs no factor. 0 <= probability <= 1. mask: {size}, kept for the
/// backward pass. y may be x.
template <class T>
void dropout_forward(std::size_t size, double probability, random_generator& random, const T* x, T* y,
                     std::uint8_t* mask) {
  const T scale = probability < 1.0 ? static_cast<T>(1.0 / (1.0 - probability)) : T{0};
  for (std::size_t i = 0; i < size; ++i) {
    mask[i] = random.uniform() < probability ? 0 : 1;
    y[i] = mask[i] ? x[i] * scale : T{0};
  }
}

/// dx[i] = dy[i] mask[i] / (1 - probability). dx may be dy.
template <class T>
void dropout_backward(std::size_t size, double probability, const std::uint8_t* mask, const T* dy, T* dx) {
  const T scale = probability < 1.0 ? static_cast<T>(1.0 / (1.0 - probability)) : T{0};
  for (std::size_t i = 0; i < size; ++i) dx[i] = mask[i] ? dy[i] * scale : T{0};
}

}  // namespace flexdnn
