// SPDX-License-Identifier: MIT
// resnet_cifar: the residual networks for 32x32 images of He et al. 2016, section 4.2.
#pragma once

#include "../graph/named.hpp"
#include "../graph/network.hpp"
#include "../graph/repeat.hpp"
#include "../layers/batch_norm.hpp"
#include "../layers/conv2d.hpp"
#include "../layers/dense.hpp"
#include "../layers/global_average_pool.hpp"
#include "../layers/relu.hpp"
#include "../layers/zero_pad_shortcut.hpp"
#include "basic_block.hpp"

namespace flexdnn {

/// How a block shortens its input where it halves the map: no parameters (option A) ...
struct zero_pad {
  template <int Out>
  using shortcut = zero_pad_shortcut<Out, 2>;
};

/// ... or a strided 1x1 convolution with batch norm (option B).
struct projection {
  template <int Out>
  using shortcut = sequence<conv2d<Out, kernel<1>, stride<2>, bias<false>>, batch_norm>;
};

/// Depth = 6n + 2: a 3x3 convolution, three stages of n blocks with 16, 32, 64 channels at 32, 16, 8
/// pixels, average pooling, one dense layer. ResNet-20: 40,551,040 MACs with option A (convolutions and
/// dense). Parameter names are those of PyTorch implementations with conv1, bn1, layer1..3 and linear.
template <int Depth, int Classes = 10, class Shortcut = zero_pad>
struct resnet_cifar
    : network<input<3, 32, 32>, named<"conv1", conv2d<16, kernel<3>, bias<false>>>, named<"bn1", batch_norm>,
              relu, named<"layer1", repeat<(Depth - 2) / 6, basic_block<16>>>,
              named<"layer2", basic_block<32, stride<2>, typename Shortcut::template shortcut<32>>,
                    repeat<(Depth - 2) / 6 - 1, basic_block<32>>>,
              named<"layer3", basic_block<64, stride<2>, typename Shortcut::template shortcut<64>>,
                    repeat<(Depth - 2) / 6 - 1, basic_block<64>>>,
              global_average_pool, named<"linear", dense<Classes>>> {
  static_assert(Depth >= 14 && (Depth - 2) % 6 == 0,
                "flexdnn: a CIFAR ResNet has 6n + 2 layers, n at least 2");
};

}  // namespace flexdnn
