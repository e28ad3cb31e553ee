// SPDX-License-Identifier: MIT
// choose: how each convolution is computed, by one model of its cost that packing, workspace and kernels
// follow.
#pragma once

#include "../core/layer.hpp"
#include "../kernels/convolution.hpp"

namespace flexdnn {

/// Estimated cycles of one core that multiplies and adds two vectors a cycle, from measurements on Zen 3 with
/// AVX2. Micro-kernels reach 0.94 of that on long sums; a call of one costs some 20 cycles besides.
[[nodiscard]] constexpr double cost(const convolution& c, const tile& t) {
  const int lanes = t.panel() / 2;
  const double pixels = 6, macs_a_cycle = 2.0 * lanes;
  // Whole vectors are computed, whether all of their channels exist or not; depthwise those of all groups.
  const int outputs = c.depthwise() ? 1 : (c.group_outputs() + lanes - 1) / lanes * lanes;
  const double weight_bytes = 4.0 * static_cast<double>(packed_size(c, t));
  // What exceeds half of an L2 of 512 KB comes from L3, 10 bytes a cycle. A network that has layers past 4 MB
  // does not stay there, and those come from DRAM, 5 bytes a cycle: VGG-16 on 32 x 32 takes 5.8 ms with
  // Winograd chosen so, and 7.2 where 24 MB were thought to stay.
  const double supply = weight_bytes < 256e3 ? 0 : weight_bytes / (weight_bytes < 4e6 ? 10 : 5);
  const int m = tile_outputs(c.how);
  if (m == 0) {
    const double padded = static_cast<double>(c.macs()) / c.group_outputs() * outputs;
    const double multiply = padded / macs_a_cycle / 0.94;
    return multiply > supply ? multiply : supply;
  }
  const double n2 = (m + 2) * (m + 2);
  const double tiles = winograd_blocks(c, m).tiles, inputs = c.in.channels;
  const double calls =
      n2 * (tiles / pixels < 1 ? 1 : tiles / pixels) * (static_cast<double>(outputs) / t.panel());
  const double multiply = n2 * tiles * inputs * outputs / macs_a_cycle / 0.94 + 20 * calls;
  // Loads, stores and sums of both transforms, cycles a vector.
  const double there = m == 2 ? 60 : 160, back = m == 2 ? 30 : 100;
  return (multiply > supply ? multiply : supply) + tiles * (inputs * there + outputs * back) / lanes;
}

/// Whether F(m,3) can compute it: a vector of input channels or more, with AVX-512 also of half its width, a
/// window of 3 x 3 that moves by one pixel.
[[nodiscard]] constexpr bool winograd_fits(const convolution& c, const tile& t) {
  const int lanes = t.panel() / 2;
  return t.winograd && c.kernel_h == 3 && c.kernel_w == 3 && c.stride_h == 1 && c.stride_w == 1 &&
         c.dilation_h == 1 && c.dilation_w == 1 && c.groups == 1 && c.in.channels >= std::min(lanes, 8);
}

/// Whether depthwise_rows can compute it: whole vectors of channels, with AVX-512 also of half its width,
/// windows of 3 or 5, stride 1 or 2, a kernel.
[[nodiscard]] constexpr bool depthwise_rows_fits(const convolution& c, const tile& t) {
  return t.pixels > 1 && c.depthwise() && c.in.channels % std::min(t.lanes, 8) == 0 && c.dilation_h == 1 &&
         c.dilation_w == 1 && c.kernel_h == c.kernel_w && (c.kernel_w == 3 || c.kernel_w == 5) &&
         c.stride_h == c.stride_w && c.stride_w <= 2;
}

/// The cheapest. F(6,3) never is: its transforms hold more than 16 registers, F(4,3) is faster at every size
/// measured.
[[nodiscard]] constexpr algorithm choose(const convolution& c, const tile& t) {
  if (depthwise_rows_fits(c, t)) return algorithm::depthwise_rows;
  if (!winograd_fits(c, t)) return algorithm::direct;
  algorithm best = algorithm::direct;
  for (const algorithm a : {algorithm::winograd2, algorithm::winograd4}) {
    if (cost(computed(c, a), t) < cost(computed(c, best), t)) best = a;
  }
  return best;
}

/// Whether a layer's weights are worth fetching ahead, in a network of so many packed floats. Past 12 MB they
/// do not stay in a core's part of a shared L3: in ResNet-50, 2048 x 7 x 7 gets from 82 to 97 % of peak and
/// 3x3 on 512 x 7 x 7 from 104 to 146. Layers of less than 256 KB would lose up to 6 %, and those whose
/// weights more than 64 blocks of pixels or tiles read, 64 to 256 x 56 x 56 say, 5.
[[nodiscard]] constexpr bool streamed(const convolution& c, const tile& t, std::size_t network_floats) {
  const int m = tile_outputs(c.how);
  const int columns = m == 0 ? c.out.pixels() : winograd_blocks(c, m).tiles;
  return network_floats > 3'000'000 && packed_size(c, t) > 64'000 && columns <= 64 * t.pixels;
}

/// How Layer is computed on an input of shape In. Specialise it to overrule the cost model:
///   template <flexdnn::tile T>
///   inline constexpr flexdnn::algorithm flexdnn::algorithm_of<my_layer, flexdnn::shape{16, 32, 32}, T> =
///       flexdnn::algorithm::direct;
/// where a network with it is used for the first time, and in every translation unit alike.
template <class Layer, shape In, tile Tile>
inline constexpr algorithm algorithm_of = choose(Layer::geometry(In), Tile);

/// algorithm_of, for any step: those without a linear layer have no choice.
template <class Lead, shape In, tile Tile>
[[nodiscard]] consteval algorithm algorithm_for() {
  if constexpr (requires { Lead::geometry(In); }) {
    constexpr algorithm how = algorithm_of<Lead, In, Tile>;
    constexpr convolution c = Lead::geometry(In);
    static_assert(how == algorithm::direct || (tile_outputs(how) > 0 && winograd_fits(c, Tile)) ||
                      (how == algorithm::depthwise_rows && depthwise_rows_fits(c, Tile)),
                  "flexdnn: an override of algorithm_of names a kernel that does not fit");
    return how;
  } else {
    return algorithm::direct;
  }
}

}  // namespace flexdnn
