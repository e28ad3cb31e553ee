// expect: flexdnn: a ResNet for ImageNet has 18, 34, 50, 101 or 152 layers
// SPDX-License-Identifier: MIT
// A depth that the paper does not have.
#include <flexdnn/models.hpp>

#ifdef REPAIRED
constexpr int depth = 50;
#else
constexpr int depth = 56;
#endif

struct net : flexdnn::resnet<depth> {};
