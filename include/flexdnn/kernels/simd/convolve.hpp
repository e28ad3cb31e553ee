// SPDX-License-Identifier: MIT
// simd/convolve: direct convolution over channels-last maps, without im2col: bands, panels, blocks of pixels.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "../architecture.hpp"
#include "../border.hpp"
#include "convolve_block.hpp"
#include "depthwise.hpp"
#include "prefetch.hpp"

namespace flexdnn::detail {

/// The micro-kernels of one panel width, by number of pixels - 1.
template <class Activation, class Arch, int Vectors, bool Ahead>
inline constexpr auto convolve_blocks = []<int... P>(std::integer_sequence<int, P...>) {
  return std::array{&convolve_block<Activation, Arch, P + 1, Vectors, Ahead>...};
}
(std::make_integer_sequence<int, tile_of<simd<Arch>>.pixels>{});

/// Where a band of input rows lies, and how many output rows it holds the inputs of.
struct band_view {
  const float* at;
  std::ptrdiff_t row_step;
  int rows;
  const float* next = nullptr;  ///< what the blocks of a panel ask for: `floats` of the band that follows
  std::ptrdiff_t floats = 0;
};

/// Blocks from which on a run of them is one call: it saves 14 cycles a block, and costs 100.
inline constexpr int least_run = 16;

/// Pixels that lie `step` apart, from `at` on; their outputs begin `to` floats into job.out.
template <class Activation, class Arch>
void convolve_runs(const panel_job& job, const float* at, std::ptrdiff_t step, int pixels,
                   std::ptrdiff_t to) noexcept {
  constexpr int most = tile_of<simd<Arch>>.pixels;
  const int blocks = (pixels + most - 1) / most, full = pixels - blocks * (most - 1);
  convolve_run<Activation, Arch, most, 2>(job, at, step, to, full);
  const std::ptrdiff_t done = std::ptrdiff_t{most} * full;
  convolve_run<Activation, Arch, most - 1, 2>(job, at + done * step, step, to + done * job.channels,
                                              blocks - full);
}

/// All blocks of one panel and group. They run across row ends, so that an 8 x 8 map is 64 pixels, 9 blocks
/// of 6 and 2 of 5, and not 8 times 4 + 4; and they are of nearly one size: 32 pixels are 6 6 5 5 5 5, not
/// five times 6 and a slow 2.
template <class Activation, class Arch, int Vectors, bool Ahead>
void convolve_panel(const convolution& c, const band_view& band, panel_job job) noexcept {
  constexpr tile t = tile_of<simd<Arch>>;
  const std::ptrdiff_t step = static_cast<std::ptrdiff_t>(c.stride_w) * c.in.channels;
  const std::ptrdiff_t turn = c.stride_h * band.row_step - c.out.width * step;
  const int total = band.rows * c.out.width;
  const int blocks = (total + t.pixels - 1) / t.pixels;
  const int size = total / blocks;
  const int larger = total % blocks;
  [[maybe_unused]] const std::ptrdiff_t taps = job.taps.rows * job.taps.segments * job.taps.length;
  if constexpr (Ahead) {
    // While the blocks go over this panel, as many bytes further on are fetched. DRAM answers after some 300
    // cycles, 32 KB of weights are 12 times that.
    constexpr std::ptrdiff_t bytes_a_tap = t.panel() * sizeof(float), least = 32 * 1024;
    job.ahead = reinterpret_cast<const char*>(job.packed) + std::max((taps + 1) * bytes_a_tap, least);
    job.pace = (bytes_a_tap + blocks - 1) / blocks;
  }

  if constexpr (Vectors == t.vectors && !Ahead) {
    // Rows of a pointwise layer follow each other as its pixels do.
    const int lines = turn == 0 ? 1 : band.rows, line = total / lines;
    if (line > (least_run - 1) * t.pixels) {
      for (int i = 0; i < lines; ++i) {
        convolve_runs<Activation, Arch>(job, band.at + i * c.stride_h * band.row_step, step, line,
                                        static_cast<std::ptrdiff_t>(i) * line * c.out_step());
      }
      return;
    }
  }

  const std::ptrdiff_t share = band.floats > 0 ? (band.floats + blocks - 1) / blocks : 0;
  const float* at = band.at;
  int column = 0;
  std::ptrdiff_t to = 0;
  for (int block = 0; block < blocks; ++block) {
    const int pixels = size + (block < larger ? 1 : 0);
    registers<const float*, t.pixels> starts;
    for (int p = 0; p < pixels; ++p, at += step) {
      if (column == c.out.width) {
        column = 0;
        at += turn;
      }
      starts[p] = at;
      ++column;
    }
    if constexpr (!Ahead) prefetch(band.next + block * share, share);
    convolve_blocks<Activation, Arch, Vectors, Ahead>[static_cast<std::size_t>(pixels - 1)](job, starts, to);
    if constexpr (Ahead) job.ahead += taps * job.pace;
    to += static_cast<std::ptrdiff_t>(pixels) * c.out_step();
  }
}

/// All groups and panels of one band; residual and out begin at its first pixel.
template <class Activation, bool Ahead, class Arch>
void convolve_band(const convolution& c, const band_view& band, const float* packed, const float* residual,
                   float* out, simd<Arch>) noexcept {
  constexpr tile t = tile_of<simd<Arch>>;
  const int inputs = c.group_inputs();
  const int outputs = c.group_outputs();
  const bool one_run = c.groups == 1 && c.dilation_w == 1;
  const footprint taps{.rows = c.kernel_h,
                       .segments = one_run ? 1 : c.kernel_w,
                       .row_step = c.dilation_h * band.row_step,
                       .segment_step = static_cast<std::ptrdiff_t>(c.dilation_w) * c.in.channels,
                       .length = one_run ? c.kernel_w * inputs : inputs};
  for (int group = 0; group < c.groups; ++group) {
    band_view part = band;
    part.at += group * inputs;
    for (int first = 0; first < outputs; first += t.panel(), part.next += part.floats) {
      const int channel = group * outputs + first;
      const panel_job job{.taps = taps,
                          .packed = packed,
                          .residual = residual != nullptr ? residual + channel : nullptr,
                          .out = out + channel,
                          .channels = c.out_step(),
                          .live = std::min(t.panel(), outputs - first)};
      if (job.live > t.lanes) {
        convolve_panel<Activation, Arch, 2, Ahead>(c, part, job);
      } else {
        convolve_panel<Activation, Arch, 1, Ahead>(c, part, job);
      }
      packed += static_cast<std::ptrdiff_t>(t.panel()) * (c.taps() + 1);
    }
  }
}

template <class Activation, bool Ahead, class Arch>
void convolve(const convolution& c, const float* in, const float* packed, const float* residual, float* out,
              float* scratch, simd<Arch> architecture) noexcept {
  static_assert(tile_of<simd<Arch>>.vectors == 2, "panels are one or two vectors wide");
  constexpr int panel = tile_of<simd<Arch>>.panel();
  const int most = band_rows(c), panels = c.groups * ((c.group_outputs() + panel - 1) / panel);
  // 256 to 64 x 56 x 56 from L3 runs at 88 % of peak when the next band is asked for, and at 78 otherwise.
  const bool far = !c.padded() && beyond_l2(c.in);
  const std::ptrdiff_t in_step = static_cast<std::ptrdiff_t>(c.stride_h) * c.in.width * c.in.channels;
  const std::ptrdiff_t out_step = static_cast<std::ptrdiff_t>(c.out.width) * c.out_step();
  for (int first = 0; first < c.out.height; first += most) {
    const int rows = std::min(most, c.out.height - first);
    if (c.padded()) copy_bordered(c, in, first, rows, scratch);
    const band_view band{
        .at = c.padded() ? scratch : in + first * in_step,
        .row_step = static_cast<std::ptrdiff_t>(c.padded() ? c.bordered_width() : c.in.width) * c.in.channels,
        .rows = rows,
        .next = in + (first + rows) * in_step,
        .floats = far && first + rows < c.out.height ? rows * in_step / panels : 0};
    convolve_band<Activation, Ahead>(c, band, packed,
                                     residual != nullptr ? residual + first * out_step : nullptr,
                                     out + first * out_step, architecture);
  }
}

}  // namespace flexdnn::detail
