// SPDX-License-Identifier: MIT
// mobilenet_v2: published cost and size at several widths, torchvision's names and logits.
#include <flexdnn/models/mobilenet_v2.hpp>

#include "torchvision.hpp"

using namespace flexdnn;

namespace {

template <class Width>
void costs(std::uint64_t macs, const char* parameters) {
  CAPTURE(Width::num);
  CAPTURE(Width::den);
  CHECK(lowered<mobilenet_v2<1000, 224, Width>>::trunk_macs == macs);
  CHECK(torchvision::facts_of<mobilenet_v2<1000, 224, Width>>().parameters == parameters);
}

}  // namespace

TEST_CASE("parameters and multiply-accumulates at 224 pixels") {
  costs<std::ratio<1>>(300'774'272, "3504872");  // as torchvision publishes them
  // Counted as make_golden.py does over torchvision's mobilenet_v2(width_mult=...).
  costs<std::ratio<1, 2>>(97'131'840, "1968680");
  costs<std::ratio<7, 5>>(582'195'824, "6108776");
}

TEST_CASE("names and logits are torchvision's") {
  torchvision::equals_at_published_extent<mobilenet_v2<>>("mobilenet_v2_224");
  torchvision::equals_at_reduced_extent<mobilenet_v2<1000, 64>>("mobilenet_v2_64");
}

TEST_CASE("describe prints it") {
  CHECK(describe<mobilenet_v2<1000, 64>>().find("features.17.conv.2") != std::string::npos);
}
