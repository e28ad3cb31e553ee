// SPDX-License-Identifier: MIT
// depthwise_conv2d: one filter for each channel.
#pragma once

#include "conv2d.hpp"

namespace flexdnn {

/// y[c,r,q] = b[c] + sum_{u,v} w[c,0,u,v] x[c, s r + d u - p, s q + d v - p]: conv2d with as many groups
/// as channels. Shape {C, H', W'}; options and extents as conv2d, but for groups.
/// Cost: C*H'*W' * k*k MACs; C*k*k + C parameters.
template <class... Options>
struct depthwise_conv2d {
  static constexpr std::string_view type_name = "depthwise_conv2d";
  static constexpr layer_role role = layer_role::linear;
  using one_channel = conv2d<1, Options...>;
  static constexpr bool has_bias = one_channel::has_bias;

  static constexpr shape output(shape in) {
    const shape one = one_channel::output({1, in.height, in.width});
    return {in.channels, one.height, one.width};
  }

  static constexpr mistake examine(shape in) {
    mistake found = one_channel::examine({1, in.height, in.width});
    if (found.found()) found.got.channels = found.wanted.channels = in.channels;
    if (one_channel::options.groups != 1) found = {mistake_kind::unknown_option, -1, in, in};
    return found;
  }

  static constexpr convolution geometry(shape in) {
    convolution c = one_channel::geometry({1, in.height, in.width});
    c.in.channels = c.out.channels = c.groups = in.channels;
    return c;
  }

  static constexpr auto parameters(shape in) {
    auto all = one_channel::parameters({1, in.height, in.width});
    for (parameter& p : all) p.extents[0] = in.channels;
    return all;
  }
};

}  // namespace flexdnn
