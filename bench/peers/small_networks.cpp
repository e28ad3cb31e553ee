// SPDX-License-Identifier: MIT
// Networks for small frames.
#include "workload.hpp"
#include "workloads.hpp"

namespace flexdnn::bench {

std::vector<workload> small_networks() {
  return {network_row<mlperf_resnet8>("resnet8"), network_row<mobilenet_v1_025_96>("mobilenet_v1_025_96"),
          network_row<resnet_cifar<20>>("resnet20"), network_row<resnet_cifar<56>>("resnet56"),
          network_row<vgg16_cifar<>>("vgg16_32")};
}

}  // namespace flexdnn::bench
