// SPDX-License-Identifier: MIT
// vgg16: the network of Simonyan and Zisserman 2015 with 16 layers (configuration D), and its form for CIFAR.
#pragma once

#include "../graph/named.hpp"
#include "../graph/network.hpp"
#include "../layers/conv2d.hpp"
#include "../layers/dense.hpp"
#include "../layers/dropout.hpp"
#include "../layers/flatten.hpp"
#include "../layers/max_pool2d.hpp"
#include "../layers/relu.hpp"

namespace flexdnn {

namespace detail {

template <int Out>
using vgg_conv = conv2d<Out, kernel<3>>;

/// No repeat: the names count every layer ("features.12.weight"), a repeat's blocks would be one level down.
using vgg16_features =
    named<"features", vgg_conv<64>, relu, vgg_conv<64>, relu, max_pool2d<kernel<2>>,             //
          vgg_conv<128>, relu, vgg_conv<128>, relu, max_pool2d<kernel<2>>,                       //
          vgg_conv<256>, relu, vgg_conv<256>, relu, vgg_conv<256>, relu, max_pool2d<kernel<2>>,  //
          vgg_conv<512>, relu, vgg_conv<512>, relu, vgg_conv<512>, relu, max_pool2d<kernel<2>>,  //
          vgg_conv<512>, relu, vgg_conv<512>, relu, vgg_conv<512>, relu, max_pool2d<kernel<2>>>;

}  // namespace detail

/// Thirteen 3x3 convolutions with bias, five max poolings, three dense layers. At 224 pixels 15,470 MMACs
/// (convolutions 15,347) and 138.4 M parameters, 553 MB. Names are torchvision's. At other extents, 32
/// at least, the first dense layer takes the map as it is; torchvision's would stretch or pool it to 7x7.
template <int Classes = 1000, int Extent = 224>
struct vgg16
    : network<
          input<3, Extent, Extent>, detail::vgg16_features, flatten,
          named<"classifier", dense<4096>, relu, dropout<>, dense<4096>, relu, dropout<>, dense<Classes>>> {};

/// The same convolutions for 32x32 images and one dense layer: 313 MMACs, 14.7 M parameters. Names: those of
/// a PyTorch module with "features" and "classifier".
template <int Classes = 10>
struct vgg16_cifar
    : network<input<3, 32, 32>, detail::vgg16_features, flatten, named<"classifier", dense<Classes>>> {};

}  // namespace flexdnn
