// SPDX-License-Identifier: MIT
// basic_block: the residual block of two 3x3 convolutions.
#pragma once

#include "../graph/named.hpp"
#include "../graph/residual.hpp"
#include "../layers/batch_norm.hpp"
#include "../layers/conv2d.hpp"
#include "../layers/relu.hpp"

namespace flexdnn {

/// relu(bn(conv3x3(relu(bn(conv3x3(x))))) + shortcut(x)); parts named as PyTorch's BasicBlock.
template <int Channels, class Stride = stride<1>, class Shortcut = none>
struct basic_block
    : residual<
          sequence<named<"conv1", conv2d<Channels, kernel<3>, Stride, bias<false>>>, named<"bn1", batch_norm>,
                   relu, named<"conv2", conv2d<Channels, kernel<3>, bias<false>>>, named<"bn2", batch_norm>>,
          Shortcut, relu> {};

}  // namespace flexdnn
