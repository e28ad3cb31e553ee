// SPDX-License-Identifier: MIT
// channel_shuffle: mixes the channels of a grouped convolution (PyTorch's ChannelShuffle).
#pragma once

#include "../core/layer.hpp"

namespace flexdnn {

/// y[i G + g] = x[g C/G + i] at every pixel, for Groups = G that divides C: the transposition of a G x C/G
/// matrix (ShuffleNet, Zhang et al. 2018). Shape unchanged.
template <int Groups>
struct channel_shuffle {
  static constexpr std::string_view type_name = "channel_shuffle";
  static constexpr layer_role role = layer_role::general;
  static constexpr shape output(shape in) { return in; }

  static constexpr mistake examine(shape in) {
    if (Groups < 1) return {mistake_kind::bad_option, -1, in, in};
    if (in.channels % Groups != 0) return {mistake_kind::groups_do_not_divide, -1, in, in};
    return {};
  }

  static void run(shape in, const float* x, const float*, float* y, float*) noexcept {
    const int part = in.channels / Groups;
    for (int p = 0; p < in.pixels(); ++p, x += in.channels) {
      for (int i = 0; i < part; ++i) {
        for (int g = 0; g < Groups; ++g) *y++ = x[g * part + i];
      }
    }
  }
};

}  // namespace flexdnn
