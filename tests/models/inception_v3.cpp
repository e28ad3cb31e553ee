// SPDX-License-Identifier: MIT
// inception_v3: published cost and size, torchvision's names and logits.
#include <flexdnn/models/inception_v3.hpp>

#include "torchvision.hpp"

using namespace flexdnn;

TEST_CASE(
    "parameters and multiply-accumulates at 299 pixels, as published without the auxiliary classifier") {
  CHECK(lowered<inception_v3<>>::trunk_macs == 5'713'216'096);
  CHECK(torchvision::facts_of<inception_v3<>>().parameters == "23834568");  // 27,161,264 with it
}

TEST_CASE("names and logits are torchvision's") {
  torchvision::equals_at_published_extent<inception_v3<>>("inception_v3_299");
  torchvision::equals_at_reduced_extent<inception_v3<1000, 75>>("inception_v3_75");
}

TEST_CASE("describe prints it") {
  CHECK(describe<inception_v3<1000, 75>>().find("Mixed_7c.branch3x3dbl_3b.conv") != std::string::npos);
}
