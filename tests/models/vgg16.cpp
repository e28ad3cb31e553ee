// SPDX-License-Identifier: MIT
// vgg16: published cost and size, torchvision's names and logits; the form for 32x32 images.
#include <flexdnn/models/vgg16.hpp>

#include "torchvision.hpp"

using namespace flexdnn;

TEST_CASE("parameters and multiply-accumulates at 224 pixels, as published") {
  CHECK(lowered<vgg16<>>::trunk_macs == 15'470'264'320);
  CHECK(torchvision::facts_of<vgg16<>>().parameters == "138357544");
}

TEST_CASE("names and logits are torchvision's") {
  // The classifier's first layer takes 512 numbers there; to draw its 38 M weights takes slow builds 20 s.
  if constexpr (!slow_build) torchvision::equals<vgg16<1000, 32>>("vgg16_32");
}

TEST_CASE("and at 224 pixels") { torchvision::equals_at_published_extent<vgg16<>>("vgg16_224"); }

TEST_CASE("with one dense layer for 32x32 images") {
  CHECK(lowered<vgg16_cifar<>>::trunk_macs == 313'201'664);
  torchvision::equals<vgg16_cifar<>>("vgg16_cifar_32");
  CHECK(describe<vgg16_cifar<>>().find("features.28") != std::string::npos);
}
