// SPDX-License-Identifier: MIT
// activate: element-wise kernels, and what an activation function is to every other kernel.
#pragma once

#include <cstddef>

namespace flexdnn {

/// The scalar form of xsimd::select, so that an activation is written once for floats and vectors:
/// `template <class V> static V apply(V x) { return select(x < V(0), V(0), x); }`.
[[nodiscard]] constexpr float select(bool condition, float yes, float no) { return condition ? yes : no; }

/// The activation of a layer that has none.
struct identity {
  template <class V>
  static V apply(V x) {
    return x;
  }
};

/// out[i] = f(in[i]) for n floats; in == out is allowed, other overlaps are not.
template <class Activation>
void activate(std::size_t n, const float* in, float* out) noexcept {
  if (in == out) {  // one pointer: with two that may be equal, compilers fall back to one float at a time
    for (std::size_t i = 0; i < n; ++i) out[i] = Activation::apply(out[i]);
  } else {
    for (std::size_t i = 0; i < n; ++i) out[i] = Activation::apply(in[i]);
  }
}

/// out[i] = f(a[i] + b[i]) for n floats; out may be a or b.
template <class Activation>
void add(std::size_t n, const float* a, const float* b, float* out) noexcept {
  if (b == out) {
    const float* other = a;
    for (std::size_t i = 0; i < n; ++i) out[i] = Activation::apply(other[i] + out[i]);
  } else if (a == out) {
    for (std::size_t i = 0; i < n; ++i) out[i] = Activation::apply(out[i] + b[i]);
  } else {
    for (std::size_t i = 0; i < n; ++i) out[i] = Activation::apply(a[i] + b[i]);
  }
}

/// out[p,c] = f(in[p,c] * scale[c] + shift[c]), the inference form of batch norm; in == out is allowed.
template <class Activation>
void scale_shift(int channels, int pixels, const float* in, const float* scale, const float* shift,
                 float* out) noexcept {
  for (int p = 0; p < pixels; ++p) {
    for (int c = 0; c < channels; ++c) out[c] = Activation::apply(in[c] * scale[c] + shift[c]);
    in += channels;
    out += channels;
  }
}

}  // namespace flexdnn
