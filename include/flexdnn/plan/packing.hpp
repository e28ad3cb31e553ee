// SPDX-License-Identifier: MIT
// packing: how many packed floats a step has, and how they are made from canonical weights.
#pragma once

#include <algorithm>
#include <cmath>

#include "../core/layer.hpp"
#include "../kernels/pack.hpp"

namespace flexdnn {

/// Floats that a step's kernel reads: tile panels for linear layers (batch norm folded in), scale and
/// shift for a batch norm alone, the canonical numbers for any other layer.
template <class Lead>
[[nodiscard]] constexpr std::size_t packed_size_of(shape in, const tile& t,
                                                   algorithm how = algorithm::direct) {
  if constexpr (Lead::role == layer_role::linear) {
    return packed_size(computed(Lead::geometry(in), how), t);
  } else if constexpr (Lead::role == layer_role::channel_affine) {
    return 2 * static_cast<std::size_t>(in.channels);
  } else {
    std::size_t total = 0;
    for (const parameter& p : parameters_of<Lead>(in)) total += p.size();
    return total;
  }
}

/// Batch norm's running statistics as y = scale x + shift, in double: scale = weight / sqrt(var + epsilon).
template <class Affine>
void fold(int channels, const float* weights, float* scale, float* shift) {
  const float *weight = weights, *bias = weight + channels, *mean = bias + channels,
              *variance = mean + channels;
  for (int c = 0; c < channels; ++c) {
    const double s =
        static_cast<double>(weight[c]) / std::sqrt(static_cast<double>(variance[c]) + Affine::epsilon);
    scale[c] = static_cast<float>(s);
    shift[c] = static_cast<float>(static_cast<double>(bias[c]) - static_cast<double>(mean[c]) * s);
  }
}

/// Packs one round of a step. Affine: the batch norm folded in, or void. `out` is written whole.
template <class Lead, class Affine, shape In, algorithm How = algorithm::direct>
void pack_step(const float* lead, const float* affine, const tile& t, float* out) {
  if constexpr (Lead::role == layer_role::linear) {
    constexpr convolution c = computed(Lead::geometry(In), How);
    constexpr std::size_t weights = Lead::parameters(In)[0].size();
    const float* bias = Lead::has_bias ? lead + weights : nullptr;
    if constexpr (std::is_void_v<Affine>) {
      pack(c, t, lead, bias, nullptr, nullptr, out);
    } else {
      constexpr auto channels = static_cast<std::size_t>(c.out.channels);
      float scale[channels], shift[channels];
      fold<Affine>(c.out.channels, affine, scale, shift);
      pack(c, t, lead, bias, scale, shift, out);
    }
  } else if constexpr (Lead::role == layer_role::channel_affine) {
    fold<Lead>(In.channels, lead, out, out + In.channels);
  } else {
    std::copy_n(lead, packed_size_of<Lead>(In, t), out);
  }
}

}  // namespace flexdnn
