// SPDX-License-Identifier: MIT
// branchynets: networks with hand-placed branches of ordinary convolutions, as BranchyNet has them, the
// weights of its joint loss and the thresholds that it screens.
#pragma once

#include <cmath>
#include <flexdnn/flexdnn.hpp>
#include <flexdnn/models/fashion_mnist.hpp>
#include <flexdnn/models/gtsrb.hpp>
#include <flexdnn/models/lenet.hpp>
#include <vector>

namespace examples {

namespace branchynet_layers {
using namespace flexdnn;

using pool = max_pool2d<kernel<2>>;
using pool_up = max_pool2d<kernel<2>, ceil_mode>;
template <int Channels>
using conv_norm = sequence<conv2d<Channels, kernel<3>, bias<false>>, batch_norm, relu>;
}  // namespace branchynet_layers

/// B-LeNet as published (Teerapittayanon et al. 2016): one branch of one convolution and one dense layer
/// after the first convolution; 107,650 MACs, 9.4 % of the backbone's.
struct b_lenet
    : flexdnn::with_exits<flexdnn::lenet<10>,
                          flexdnn::at<1, flexdnn::exit_branch<"branch_1", branchynet_layers::pool_up,
                                                              flexdnn::conv2d<10, flexdnn::kernel<3>>,
                                                              flexdnn::relu, branchynet_layers::pool_up,
                                                              flexdnn::flatten, flexdnn::dense<10>>>> {
  using data = flexdnn::fashion_mnist;
};

/// B-ResNet, published at depth 110, at depth 20: a branch of three convolutions and one dense layer after
/// the 2nd of the convolutions, one of two after a third of them (37 of 109; here 7 of 19: the first stage).
/// No branch can stand inside a residual block: the first stands, as in the published code, after the first
/// block. 32 channels as there. A pooling before each of the first two convolutions, as in B-LeNet, brings
/// the branches to 5.8 and 4.4 % of the backbone's MACs; pooled once, as in B-AlexNet, they would take 14.7
/// and 8.8 %.
template <int Classes, class Data>
struct b_resnet20
    : flexdnn::with_exits<
          flexdnn::resnet_cifar<20, Classes>,
          flexdnn::at<
              2, flexdnn::exit_branch<"branch_1", branchynet_layers::pool, branchynet_layers::conv_norm<32>,
                                      branchynet_layers::pool, branchynet_layers::conv_norm<32>,
                                      branchynet_layers::conv_norm<32>, branchynet_layers::pool,
                                      flexdnn::flatten, flexdnn::dense<Classes>>>,
          flexdnn::at<
              4, flexdnn::exit_branch<"branch_2", branchynet_layers::pool, branchynet_layers::conv_norm<32>,
                                      branchynet_layers::pool, branchynet_layers::conv_norm<32>,
                                      branchynet_layers::pool, flexdnn::flatten, flexdnn::dense<Classes>>>> {
  using data = Data;
};

/// The first exit's loss counts 1, the last one's 0.3: a point more than equal weights in the paper's section
/// V-A.
[[nodiscard]] inline std::vector<double> falling_weights(std::size_t exits) {
  std::vector<double> weights;
  for (std::size_t e = 0; e < exits; ++e) {
    weights.push_back(1.0 - 0.7 * static_cast<double>(e) / static_cast<double>(exits - 1));
  }
  return weights;
}

/// Values of T, 16 an octave, from the paper's least, 0.0001 nats, to above log C, where every frame leaves;
/// negated (see screen_thresholds). The paper has 17; with four an octave B-LeNet's limits of 0.5 and 1 % had
/// one T.
[[nodiscard]] inline std::vector<float> negated_entropies(int classes) {
  std::vector<float> grid;
  const double most = std::log(static_cast<double>(classes));
  for (int step = 0; grid.empty() || static_cast<double>(-grid.back()) <= most; ++step) {
    grid.push_back(static_cast<float>(-1e-4 * std::exp2(step / 16.0)));
  }
  return grid;
}

}  // namespace examples
