// SPDX-License-Identifier: MIT
// mlperf_resnet8: the image classification network of the MLPerf Tiny benchmark.
#pragma once

#include <ratio>

#include "../graph/named.hpp"
#include "../graph/network.hpp"
#include "../graph/residual.hpp"
#include "../layers/batch_norm.hpp"
#include "../layers/conv2d.hpp"
#include "../layers/dense.hpp"
#include "../layers/global_average_pool.hpp"
#include "../layers/relu.hpp"
#include "cifar10.hpp"

namespace flexdnn {

/// relu(bn(conv3x3(relu(bn(conv3x3(x))))) + shortcut(x)). Unlike PyTorch's basic_block: convolutions with
/// bias, epsilon 1e-3, TensorFlow's SAME padding (which a stride of 2 makes one-sided), a shortcut without
/// norm.
template <int Channels, class Stride = stride<1>, class Shortcut = none>
struct mlperf_block : residual<sequence<named<"conv1", conv2d<Channels, kernel<3>, Stride, same_padding>>,
                                        named<"bn1", basic_batch_norm<std::milli>>, relu,
                                        named<"conv2", conv2d<Channels, kernel<3>, same_padding>>,
                                        named<"bn2", basic_batch_norm<std::milli>>>,
                               Shortcut, relu> {};

/// Banbury et al. 2021, "MLPerf Tiny Benchmark"; a ResNet of one block a stage. 12,501,632 MACs, 78,186
/// trained numbers. Weights of the benchmark load with the format mlperf_resnet8_keras.
struct mlperf_resnet8
    : network<input<3, 32, 32>, named<"conv1", conv2d<16, kernel<3>, same_padding>>,
              named<"bn1", basic_batch_norm<std::milli>>, relu, named<"layer1", mlperf_block<16>>,
              named<"layer2", mlperf_block<32, stride<2>, conv2d<32, kernel<1>, stride<2>, same_padding>>>,
              named<"layer3", mlperf_block<64, stride<2>, conv2d<64, kernel<1>, stride<2>, same_padding>>>,
              global_average_pool, named<"linear", dense<10>>> {};

/// The frames it was trained on: CIFAR-10's bytes as they are, 0 to 255.
struct cifar10_raw {
  static constexpr shape frame = cifar10::frame;
  static constexpr float unit = 1.0F;
  static constexpr std::array<float, 3> mean{}, deviation{1.0F, 1.0F, 1.0F};
  static constexpr auto classes = cifar10::classes;
};

}  // namespace flexdnn
