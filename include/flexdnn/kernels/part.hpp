// SPDX-License-Identifier: MIT
// part: some rows, or some panels of channels, of a layer's output: a layer of the same kind on part of its
// maps, which the same kernels compute.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "convolution.hpp"

namespace flexdnn {

/// Numbers [first, last).
struct range {
  int first, last;

  [[nodiscard]] constexpr int size() const { return last - first; }
};

/// What share number `share` of `shares` gets of n things. Sizes differ by one at most.
[[nodiscard]] constexpr range portion(int n, int share, int shares) {
  const auto cut = [&](int s) { return static_cast<int>(std::int64_t{n} * s / shares); };
  return {cut(share), cut(share + 1)};
}

/// A part of a convolution or pooling, and how far its memory begins after the whole's, in floats.
template <class Geometry>
struct part {
  Geometry geometry;
  std::ptrdiff_t in = 0, packed = 0, out = 0;
};

/// Output rows: their windows' input rows, with the padding above only where they still reach it.
template <class Geometry>
[[nodiscard]] constexpr part<Geometry> rows_of(const Geometry& whole, range rows) {
  part<Geometry> p{whole};
  const int top = rows.first * whole.stride_h - whole.padding_h;
  const int skipped = std::clamp(top, 0, whole.in.height);
  p.geometry.in.height -= skipped;
  p.geometry.out.height = rows.size();
  p.geometry.padding_h = std::max(-top, 0);
  if constexpr (requires { whole.beyond_h; }) {
    if (rows.last < whole.out.height) p.geometry.beyond_h = 0;
  }
  p.in = static_cast<std::ptrdiff_t>(skipped) * whole.in.width * whole.in.channels;
  p.out = static_cast<std::ptrdiff_t>(rows.first) * whole.out.width * whole.out_step();
  return p;
}

/// Panels of output channels, of a convolution in one group: each reads all inputs and its weights alone.
[[nodiscard]] constexpr part<convolution> panels_of(const convolution& whole, const tile& t, range panels) {
  part<convolution> p{whole};
  const int first = panels.first * t.panel();
  p.geometry.out.channels = first;
  p.packed = static_cast<std::ptrdiff_t>(packed_size(p.geometry, t));
  p.geometry.out.channels = std::min(panels.last * t.panel(), whole.out.channels) - first;
  p.geometry.pitch = whole.out_step();
  p.out = first;
  return p;
}

}  // namespace flexdnn
