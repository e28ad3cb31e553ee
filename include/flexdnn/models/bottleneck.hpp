// SPDX-License-Identifier: MIT
// bottleneck: the residual block of a 3x3 convolution between two 1x1 convolutions.
#pragma once

#include "../graph/named.hpp"
#include "../graph/residual.hpp"
#include "../layers/batch_norm.hpp"
#include "../layers/conv2d.hpp"
#include "../layers/relu.hpp"

namespace flexdnn {

/// relu(bn(conv1x1(relu(bn(conv3x3(relu(bn(conv1x1(x)))))))) + shortcut(x)), Width channels inside, 4 Width
/// out; parts named as PyTorch's Bottleneck. He et al. 2016, figure 5, but the 3x3 convolution strides and
/// not the first 1x1, as torchvision's does ("ResNet v1.5").
template <int Width, class Stride = stride<1>, class Shortcut = none>
struct bottleneck
    : residual<
          sequence<named<"conv1", conv2d<Width, bias<false>>>, named<"bn1", batch_norm>, relu,
                   named<"conv2", conv2d<Width, kernel<3>, Stride, bias<false>>>, named<"bn2", batch_norm>,
                   relu, named<"conv3", conv2d<4 * Width, bias<false>>>, named<"bn3", batch_norm>>,
          Shortcut, relu> {};

}  // namespace flexdnn
