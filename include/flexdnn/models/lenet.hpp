// SPDX-License-Identifier: MIT
// lenet: the small network for 28x28 images that BranchyNet calls LeNet-5.
#pragma once

#include "../graph/named.hpp"
#include "../graph/network.hpp"
#include "../layers/conv2d.hpp"
#include "../layers/dense.hpp"
#include "../layers/flatten.hpp"
#include "../layers/max_pool2d.hpp"
#include "../layers/relu.hpp"

namespace flexdnn {

/// Three 5x5 convolutions of 5, 10 and 20 channels, each padded by 3 and followed by a max pooling that
/// rounds up (28 pixels: 30, 15; 17, 9; 11, 6), dense layers of 84 and Classes without an activation between
/// them: 1,140,070 MACs, 67,824 parameters. The network of the code that Teerapittayanon et al. published
/// with BranchyNet (ICPR 2016); LeCun et al. 1998 have 6, 16 and 120 channels. It pools before the ReLU: here
/// ReLU comes first, which gives the same numbers and fuses with the convolution.
template <int Classes = 10>
struct lenet
    : network<input<1, 28, 28>,                                                                           //
              named<"conv1", conv2d<5, kernel<5>, padding<3>>>, relu, max_pool2d<kernel<2>, ceil_mode>,   //
              named<"conv2", conv2d<10, kernel<5>, padding<3>>>, relu, max_pool2d<kernel<2>, ceil_mode>,  //
              named<"conv3", conv2d<20, kernel<5>, padding<3>>>, relu, max_pool2d<kernel<2>, ceil_mode>,  //
              flatten, named<"fc1", dense<84>>, named<"fc2", dense<Classes>>> {};

}  // namespace flexdnn
