// SPDX-License-Identifier: MIT
// division: along which axis a convolution is divided among threads, or that it is not worth it.
#pragma once

#include "../kernels/part.hpp"
#include "choose.hpp"

namespace flexdnn {

/// Estimated cycles, as in cost, that a division must save: a fork and its join take 500 to 2,000.
inline constexpr double fork_cycles = 4000;

/// Multiply-adds of a network, in cycles, from which on it is divided: threads that fell asleep after the
/// frame before are woken by the caller, which takes it 10,000 to 50,000.
inline constexpr double frame_cycles = 100'000;

enum class axis : std::uint8_t {
  none,    ///< computed by the caller alone
  rows,    ///< of the output: every thread reads all weights
  panels,  ///< of output channels: every thread reads all inputs, and transforms them where it is Winograd's
};

/// Pixels of a band from which on its last bits do not depend on their number: the micro-kernel sums taps of
/// blocks with fewer than 5 vectors apart (simd/convolve_block.hpp), and blocks are of nearly one size.
[[nodiscard]] constexpr int steady_pixels(const convolution& c, const tile& t) {
  if (t.pixels == 1 || c.depthwise()) return 1;
  const int left = c.group_outputs() % t.panel(), vectors = left > 0 && left <= t.lanes ? 1 : 2;
  int least = 1;
  for (int n = 1; n < t.pixels * t.pixels; ++n) {
    const int blocks = (n + t.pixels - 1) / t.pixels;
    if (n / blocks * vectors < 5) least = n + 1;
  }
  return least;
}

/// Pixels, or Winograd's tiles, of the smallest band that the kernels make of it.
[[nodiscard]] constexpr int smallest_band(const convolution& c) {
  const auto last = [](int n, int most) { return n % most > 0 ? n % most : most; };
  if (const int m = tile_outputs(c.how); m > 0) {
    const winograd_blocks blocks(c, m);
    return last(blocks.tiles, blocks.most);
  }
  return last(c.out.height, band_rows(c)) * c.out.width;
}

/// What share number `share` of `shares` computes; it may be empty.
[[nodiscard]] constexpr part<convolution> share_of(const convolution& c, const tile& t, axis by, int share,
                                                   int shares) {
  if (by == axis::panels) {
    return panels_of(c, t, portion((c.out.channels + t.panel() - 1) / t.panel(), share, shares));
  }
  const int unit = std::max(tile_outputs(c.how), 1);
  const range units = portion((c.out.height + unit - 1) / unit, share, shares);
  return rows_of(c, {units.first * unit, std::min(units.last * unit, c.out.height)});
}

namespace detail {

/// The largest f(share) of those that are not empty.
template <class Function>
[[nodiscard]] constexpr auto largest_share(const convolution& c, const tile& t, axis by, int shares,
                                           Function f) {
  decltype(f(c)) largest{};
  for (int i = 0; i < shares; ++i) {
    const convolution one = share_of(c, t, by, i, shares).geometry;
    if (one.out.size() > 0) largest = std::max(largest, f(one));
  }
  return largest;
}

}  // namespace detail

/// Whether the shares' outputs are those of the whole, bit by bit.
[[nodiscard]] constexpr bool same_bits(const convolution& c, const tile& t, axis by, int shares) {
  // A panel of one channel of one input would look like a depthwise convolution.
  if (by == axis::panels) return c.groups == 1 && c.in.channels > 1;
  const int steady = steady_pixels(c, t);
  const int unsteady = detail::largest_share(
      c, t, by, shares, [&](const convolution& one) { return smallest_band(one) < steady ? 1 : 0; });
  return c.depthwise() || (unsteady == 0 && smallest_band(c) >= steady);
}

/// The axis whose longest share is the shortest, if that saves a fork's time. Where both are within 5 %, the
/// one that reads less: rows read all weights in every share, panels all inputs. 512 x 7 x 7 with 17 MB of
/// weights gains 1.4 times by rows and 1.9 by panels.
[[nodiscard]] constexpr axis divide(const convolution& c, const tile& t, int shares) {
  const bool heavy = packed_size(c, t) > c.in.size();
  axis best = axis::none;
  double least = cost(c, t) - fork_cycles;
  for (const axis by : {heavy ? axis::panels : axis::rows, heavy ? axis::rows : axis::panels}) {
    if (!same_bits(c, t, by, shares)) continue;
    const double longest =
        detail::largest_share(c, t, by, shares, [&](const convolution& one) { return cost(one, t); });
    if (longest >= (best == axis::none ? least : 0.95 * least)) continue;
    best = by;
    least = longest;
  }
  return best;
}

/// Floats of scratch of one share, to whole cache lines: those of two threads never touch.
[[nodiscard]] constexpr std::size_t share_scratch(const convolution& c, const tile& t, axis by, int shares) {
  const std::size_t largest =
      detail::largest_share(c, t, by, shares, [&](const convolution& one) { return scratch_size(one, t); });
  return (largest + 15) / 16 * 16;
}

}  // namespace flexdnn
