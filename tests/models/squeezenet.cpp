// SPDX-License-Identifier: MIT
// squeezenet: published cost and size, torchvision's names and logits where its pools round up and where not.
#include <flexdnn/models/squeezenet.hpp>

#include "torchvision.hpp"

using namespace flexdnn;

TEST_CASE("parameters and multiply-accumulates at 224 pixels, as published") {
  CHECK(lowered<squeezenet<>>::trunk_macs == 349'151'936);
  CHECK(torchvision::facts_of<squeezenet<>>().parameters == "1235496");
}

TEST_CASE("names and logits are torchvision's") {
  torchvision::equals<squeezenet<1000, 75>>("squeezenet1_1_75");
}

TEST_CASE("and at 224 pixels") { torchvision::equals_at_published_extent<squeezenet<>>("squeezenet1_1_224"); }

TEST_CASE("describe prints it") {
  CHECK(describe<squeezenet<1000, 75>>().find("features.12.expand3x3") != std::string::npos);
}
