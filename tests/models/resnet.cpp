// SPDX-License-Identifier: MIT
// resnet: published cost and size at every depth, torchvision's names and logits.
#include <flexdnn/models/resnet.hpp>

#include "torchvision.hpp"

using namespace flexdnn;

namespace {

/// MACs, and trained numbers, as torchvision publishes them (num_params, _ops in the models' metadata).
template <int Depth>
void costs(std::uint64_t macs, const char* parameters) {
  CAPTURE(Depth);
  CHECK(lowered<resnet<Depth>>::trunk_macs == macs);
  CHECK(torchvision::facts_of<resnet<Depth>>().parameters == parameters);
}

}  // namespace

TEST_CASE("parameters and multiply-accumulates at 224 pixels, as published") {
  costs<18>(1'814'073'344, "11689512");
  costs<34>(3'663'761'408, "21797672");
  costs<50>(4'089'184'256, "25557032");
  costs<101>(7'801'405'440, "44549160");
  costs<152>(11'513'626'624, "60192808");
}

TEST_CASE("names and logits are torchvision's") {
  torchvision::equals_at_published_extent<resnet<18>>("resnet18_224");
  torchvision::equals_at_published_extent<resnet<34>>("resnet34_224");
  torchvision::equals_at_published_extent<resnet<50>>("resnet50_224");
  // 34 has its blocks and 50 those of blocks.cpp: at 224 pixels alone.
  torchvision::equals_at_reduced_extent<resnet<18, 1000, 64>>("resnet18_64");
}

TEST_CASE("classes are free, describe prints it") {
  using small = resnet<18, 7, 33>;
  CHECK(lowered<small>::classes == 7);
  CHECK(describe<small>().find("layer4.1.bn2") != std::string::npos);
}
