// SPDX-License-Identifier: MIT
// resnet: the residual networks for ImageNet of He et al. 2016, with 18, 34, 50, 101 or 152 layers.
#pragma once

#include <array>

#include "../graph/network.hpp"
#include "../graph/repeat.hpp"
#include "../layers/dense.hpp"
#include "../layers/global_average_pool.hpp"
#include "../layers/max_pool2d.hpp"
#include "basic_block.hpp"
#include "bottleneck.hpp"

namespace flexdnn {

namespace detail {

/// Blocks of the four stages: the paper's table 1.
consteval std::array<int, 4> resnet_blocks(int depth) {
  if (depth == 34 || depth == 50) return {3, 4, 6, 3};
  if (depth == 101) return {3, 4, 23, 3};
  if (depth == 152) return {3, 8, 36, 3};
  return {2, 2, 2, 2};  // 18; also for a wrong depth, so that the assertion below stays the only error
}

template <int Out, int Stride>
using downsample = named<"downsample", conv2d<Out, stride<Stride>, bias<false>>, batch_norm>;

/// A block that changes its input's shape, with a projection beside it, then blocks that keep theirs.
template <int Depth, int Stage, int Width = 64 << Stage, int Stride = Stage == 0 ? 1 : 2>
struct resnet_stage : sequence<bottleneck<Width, stride<Stride>, downsample<4 * Width, Stride>>,
                               repeat<resnet_blocks(Depth)[Stage] - 1, bottleneck<Width>>> {};

template <int Depth, int Stage, int Width>
requires(Depth < 50) struct resnet_stage<Depth, Stage, Width, 2>
    : sequence<basic_block<Width, stride<2>, downsample<Width, 2>>,
               repeat<resnet_blocks(Depth)[Stage] - 1, basic_block<Width>>> {
};

template <int Depth, int Width>
requires(Depth < 50) struct resnet_stage<Depth, 0, Width, 1>
    : repeat<resnet_blocks(Depth)[0], basic_block<Width>> {
};

}  // namespace detail

/// A 7x7 convolution and max pooling, each halving the map; four stages with 64, 128, 256, 512 channels in
/// their 3x3 convolutions, of basic blocks (18, 34) or bottlenecks; average pooling, one dense layer. At
/// 224 pixels MACs and parameters are 1,814 M and 11.7 M (18), 3,664 M and 21.8 M (34), 4,089 M and 25.6 M
/// (50), 7,801 M and 44.5 M (101), 11,514 M and 60.2 M (152). Names are torchvision's.
template <int Depth, int Classes = 1000, int Extent = 224>
struct resnet
    : network<
          input<3, Extent, Extent>, named<"conv1", conv2d<64, kernel<7>, stride<2>, bias<false>>>,
          named<"bn1", batch_norm>, relu, max_pool2d<kernel<3>, stride<2>, padding<1>>,
          named<"layer1", detail::resnet_stage<Depth, 0>>, named<"layer2", detail::resnet_stage<Depth, 1>>,
          named<"layer3", detail::resnet_stage<Depth, 2>>, named<"layer4", detail::resnet_stage<Depth, 3>>,
          global_average_pool, named<"fc", dense<Classes>>> {
  static_assert(Depth == 18 || Depth == 34 || Depth == 50 || Depth == 101 || Depth == 152,
                "flexdnn: a ResNet for ImageNet has 18, 34, 50, 101 or 152 layers");
};

}  // namespace flexdnn
