// SPDX-License-Identifier: MIT
// squeeze_excitation: a factor for each channel, made of the means of all channels.
#pragma once

#include "../graph/gated.hpp"
#include "../graph/named.hpp"
#include "../layers/conv2d.hpp"
#include "../layers/global_average_pool.hpp"
#include "../layers/relu.hpp"
#include "../layers/sigmoid.hpp"

namespace flexdnn {

/// y = x Gate(fc2(Activation(fc1(mean(x))))), Reduced numbers in between: Hu et al. 2018. Shape unchanged;
/// both layers are 1x1 convolutions with bias, named as torchvision's. MobileNetV3: relu and hard_sigmoid.
template <int Channels, int Reduced, class Activation = relu, class Gate = sigmoid>
struct squeeze_excitation : gated<sequence<global_average_pool, named<"fc1", conv2d<Reduced>>, Activation,
                                           named<"fc2", conv2d<Channels>>, Gate>> {};

}  // namespace flexdnn
