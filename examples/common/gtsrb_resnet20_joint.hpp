// SPDX-License-Identifier: MIT
// gtsrb_resnet20_joint: ResNet-20 for traffic signs with wide exits, to be trained together from scratch.
#pragma once

#include <flexdnn/flexdnn.hpp>
#include <flexdnn/models/resnet_cifar.hpp>

namespace examples {

namespace joint {
using namespace flexdnn;
// Written out, without blocks of their own: their tensors are named as adapt names a branch's, which goes on
// from them.
template <name Name>
using at_32 = exit_branch<Name, max_pool2d<kernel<2>>,                                      //
                          separable_conv2d<32, kernel<3>, bias<false>>, batch_norm, relu,   //
                          max_pool2d<kernel<2>>,                                            //
                          separable_conv2d<96, kernel<3>, bias<false>>, batch_norm, relu,   //
                          max_pool2d<kernel<2>>,                                            //
                          separable_conv2d<128, kernel<3>, bias<false>>, batch_norm, relu,  //
                          separable_conv2d<128, kernel<3>, bias<false>>, batch_norm, relu,  //
                          global_average_pool, dense<43>>;
template <name Name>
using at_16 = exit_branch<Name, max_pool2d<kernel<2>>,                                      //
                          separable_conv2d<96, kernel<3>, bias<false>>, batch_norm, relu,   //
                          separable_conv2d<128, kernel<3>, bias<false>>, batch_norm, relu,  //
                          separable_conv2d<128, kernel<3>, bias<false>>, batch_norm, relu,  //
                          global_average_pool, dense<43>>;
}  // namespace joint

/// Exits teach the trunk to know a sign early.
struct gtsrb_resnet20_joint
    : flexdnn::with_exits<flexdnn::resnet_cifar<20, 43>, flexdnn::at<1, joint::at_32<"after_1">>,
                          flexdnn::at<2, joint::at_32<"after_2">>, flexdnn::at<3, joint::at_32<"after_3">>,
                          flexdnn::at<5, joint::at_16<"after_5">>, flexdnn::at<7, joint::at_16<"after_7">>> {
};

}  // namespace examples
