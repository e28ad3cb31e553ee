// SPDX-License-Identifier: MIT
// fire: the block of SqueezeNet, few channels and then many.
#pragma once

#include "../graph/named.hpp"
#include "../graph/parallel.hpp"
#include "../layers/conv2d.hpp"
#include "../layers/relu.hpp"

namespace flexdnn {

/// s = relu(conv1x1(x)) with Squeeze channels, then concat(relu(conv1x1(s)), relu(conv3x3(s))), Expand each.
/// Iandola et al. 2016, figure 2. Names are torchvision's: squeeze, expand1x1, expand3x3.
template <int Squeeze, int Expand>
struct fire : sequence<named<"squeeze", conv2d<Squeeze>>, relu,
                       named<"", parallel<named<"", named<"expand1x1", conv2d<Expand>>, relu>,
                                          named<"", named<"expand3x3", conv2d<Expand, kernel<3>>>, relu>>>> {
};

}  // namespace flexdnn
