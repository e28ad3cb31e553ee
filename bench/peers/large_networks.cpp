// SPDX-License-Identifier: MIT
// Networks for frames of 224 pixels.
#include "workload.hpp"
#include "workloads.hpp"

namespace flexdnn::bench {

namespace {

/// The convolutions and poolings; the mean of the last map ends it, because a network ends in a vector.
struct vgg16_convolutions : network<input<3, 224, 224>, detail::vgg16_features, global_average_pool> {};

}  // namespace

std::vector<workload> large_networks() {
  return {network_row<mobilenet_v1<>>("mobilenet_v1"), network_row<mobilenet_v2<>>("mobilenet_v2"),
          network_row<resnet<50>>("resnet50"), network_row<vgg16_convolutions>("vgg16_224")};
}

}  // namespace flexdnn::bench
