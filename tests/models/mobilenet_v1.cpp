// SPDX-License-Identifier: MIT
// mobilenet_v1: published cost and size at several widths and extents; PyTorch's logits in both forms.
#include <flexdnn/models/mobilenet_v1.hpp>

#include "torchvision.hpp"

using namespace flexdnn;

namespace {

/// Numbers in a file: running statistics too, as Keras counts them.
template <class Alpha>
std::size_t numbers() {
  std::size_t all = 0;
  for (const named_parameter& p : parameters<mobilenet_v1<Alpha>>()) all += p.size;
  return all;
}

/// In millions, rounded, as in tables 6 and 7 of Howard et al. 2017.
template <class Alpha, int Extent>
std::uint64_t mmacs() {
  return (lowered<mobilenet_v1<Alpha, Extent>>::trunk_macs + 500'000) / 1'000'000;
}

using whole = std::ratio<1>;
using three_quarters = std::ratio<3, 4>;
using half = std::ratio<1, 2>;
using quarter = std::ratio<1, 4>;

}  // namespace

TEST_CASE("multiply-accumulates and parameters, as published") {
  CHECK(lowered<mobilenet_v1<>>::trunk_macs == 568'740'352);
  CHECK(torchvision::facts_of<mobilenet_v1<>>().parameters == "4231976");
  CHECK(lowered<mobilenet_v1_025_96>::trunk_macs == 7'489'664);
  CHECK(lowered<mobilenet_v1_025_224>::trunk_macs == 41'030'272);
  CHECK(numbers<whole>() == 4'253'864);
  CHECK(numbers<three_quarters>() == 2'601'976);
  CHECK(numbers<half>() == 1'342'536);
  CHECK(numbers<quarter>() == 475'544);
  CHECK(mmacs<whole, 224>() == 569);
  CHECK(mmacs<three_quarters, 224>() == 325);
  CHECK(mmacs<half, 224>() == 149);
  CHECK(mmacs<quarter, 224>() == 41);
  CHECK(mmacs<whole, 192>() == 418);
  CHECK(mmacs<whole, 128>() == 186);
}

TEST_CASE("names and logits of both forms are PyTorch's") {
  torchvision::equals<mobilenet_v1_025_96>("mobilenet_v1_025_96");
  torchvision::equals_at_published_extent<mobilenet_v1_025_224>("mobilenet_v1_025_224");
}

TEST_CASE("classes and extents are free, also odd ones; SAME leaves ceil(extent / 32) pixels") {
  using small = mobilenet_v1<quarter, 65, 7>;
  CHECK(lowered<small>::classes == 7);
  CHECK(std::ranges::count(lowered<small>::cuts, shape{256, 3, 3}, &cut_point::out) == 3);
  torchvision::equals<mobilenet_v1<quarter, 65>>("mobilenet_v1_025_65");
}
