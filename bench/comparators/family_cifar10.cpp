// SPDX-License-Identifier: MIT
#include <flexdnn/models/cifar10.hpp>

#include "family.hpp"
#include FLEXDNN_OURS_CIFAR10

namespace comparators {

std::vector<variant> cifar10_family() {
  std::vector<variant> all;
  append_common<10, cifar10>(all);
  all.push_back(variant_of<cifar10_ours>("ours", "ours", "cifar10_ours"));
  return all;
}

}  // namespace comparators
