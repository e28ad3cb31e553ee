// SPDX-License-Identifier: MIT
// squeezenet: AlexNet's accuracy in 1.2 M parameters (Iandola et al. 2016), version 1.1.
#pragma once

#include "../graph/network.hpp"
#include "../layers/dropout.hpp"
#include "../layers/global_average_pool.hpp"
#include "../layers/max_pool2d.hpp"
#include "fire.hpp"

namespace flexdnn {

/// A 3x3 convolution without padding, eight fire blocks, max poolings whose last window may hang over, a 1x1
/// convolution to the classes, average pooling: class scores are never negative. At 224 pixels 349.2 MMACs
/// and 1.24 M parameters. Names are torchvision's squeezenet1_1.
template <int Classes = 1000, int Extent = 224>
struct squeezenet : network<input<3, Extent, Extent>,
                            named<"features", conv2d<64, kernel<3>, stride<2>, padding<0>>, relu,
                                  max_pool2d<kernel<3>, stride<2>, ceil_mode>, fire<16, 64>, fire<16, 64>,
                                  max_pool2d<kernel<3>, stride<2>, ceil_mode>, fire<32, 128>, fire<32, 128>,
                                  max_pool2d<kernel<3>, stride<2>, ceil_mode>, fire<48, 192>, fire<48, 192>,
                                  fire<64, 256>, fire<64, 256>>,
                            named<"classifier", dropout<>, conv2d<Classes>, relu>, global_average_pool> {};

}  // namespace flexdnn
