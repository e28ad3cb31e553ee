// SPDX-License-Identifier: MIT
// activate: element-wise kernels, and what an activation function is to every other kernel.
#pragma once

#include <cmath>
#include <concepts>
#include <cstddef>

namespace flexdnn {

/// The scalar form of xsimd::select, so that an activation is written once for floats and vectors:
/// `template <class V> static V apply(V x) { return select(x < V(0), V(0.1F) * x, x); }`.
[[nodiscard]] constexpr float select(bool condition, float yes, float no) { return condition ? yes : no; }

/// The scalar form of xsimd::exp; a template, so that it takes part for floats alone.
template <std::same_as<float> Float>
[[nodiscard]] inline Float exp(Float x) {
  return std::exp(x);
}

/// The scalar forms of xsimd::max and xsimd::min: one instruction each, which x86 and ARM give NaN for a y
/// that is NaN. A comparison and a selection are three, 24 more for relu in a block of 6 pixels: 113 cycles
/// with 16 taps, and 109 so.
[[nodiscard]] constexpr float max(float x, float y) { return x > y ? x : y; }
[[nodiscard]] constexpr float min(float x, float y) { return x < y ? x : y; }

/// min(max(x, low), high) for floats and vectors; NaN stays NaN.
template <class V>
[[nodiscard]] V clamp(V x, float low, float high) {
  return max(V(low), min(V(high), x));
}

/// The activation of a layer that has none.
struct identity {
  template <class V>
  static V apply(V x) {
    return x;
  }
};

namespace detail {

/// body(0), ..., body(n - 1), of which none reads what another writes: outputs are apart from the inputs or
/// exactly on them. Told so, compilers vectorise; GCC 12 at -O2 is 4 times slower otherwise. Clang warns
/// where it was asked and did not, as at -O1: nobody's mistake.
#ifdef __clang__
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wpass-failed"
#endif
template <class Body>
void each(std::size_t n, Body body) noexcept {
#ifdef __clang__
#pragma clang loop vectorize(assume_safety)
#else
#pragma GCC ivdep
#endif
  for (std::size_t i = 0; i < n; ++i) body(i);
}

}  // namespace detail

/// out[i] = f(in[i]) for n floats; in == out is allowed, other overlaps are not.
template <class Activation>
void activate(std::size_t n, const float* in, float* out) noexcept {
  detail::each(n, [=](std::size_t i) { out[i] = Activation::apply(in[i]); });
}

/// out[i] = f(a[i] + b[i]) for n floats; out may be a or b.
template <class Activation>
void add(std::size_t n, const float* a, const float* b, float* out) noexcept {
  detail::each(n, [=](std::size_t i) { out[i] = Activation::apply(a[i] + b[i]); });
}

/// out[i] = f(a[i] * b[i]) for n floats; out may be a or b.
template <class Activation>
void multiply(std::size_t n, const float* a, const float* b, float* out) noexcept {
  detail::each(n, [=](std::size_t i) { out[i] = Activation::apply(a[i] * b[i]); });
}

/// out[p,c] = f(in[p,c] * factor[c]), a gate for each channel; in == out is allowed.
template <class Activation>
void scale(int channels, int pixels, const float* in, const float* factor, float* out) noexcept {
  for (int p = 0; p < pixels; ++p, in += channels, out += channels) {
    multiply<Activation>(static_cast<std::size_t>(channels), in, factor, out);
  }
}

/// out[p pitch + c] = in[p,c]: a map becomes some channels of a wider one. No overlap.
inline void place_channels(int channels, int pixels, const float* in, int pitch, float* out) noexcept {
  for (int p = 0; p < pixels; ++p, in += channels, out += pitch) {
    detail::each(static_cast<std::size_t>(channels), [=](std::size_t c) { out[c] = in[c]; });
  }
}

/// out[p,c] = f(in[p,c] * scale[c] + shift[c]), the inference form of batch norm; in == out is allowed.
template <class Activation>
void scale_shift(int channels, int pixels, const float* in, const float* scale, const float* shift,
                 float* out) noexcept {
  for (int p = 0; p < pixels; ++p, in += channels, out += channels) {
    detail::each(static_cast<std::size_t>(channels),
                 [=](std::size_t c) { out[c] = Activation::apply(in[c] * scale[c] + shift[c]); });
  }
}

#ifdef __clang__
#pragma clang diagnostic pop
#endif

}  // namespace flexdnn
