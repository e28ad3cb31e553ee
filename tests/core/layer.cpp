// SPDX-License-Identifier: MIT
// layer: the concept, and the defaults of what a layer leaves unsaid.
#include <flexdnn/core/layer.hpp>

#include <doctest/doctest.h>

#include <flexdnn/flexdnn.hpp>

using namespace flexdnn;

namespace {

struct least {
  static constexpr std::string_view type_name = "least";
  static constexpr layer_role role = layer_role::general;
  static constexpr shape output(shape in) { return in; }
};
struct nameless {
  static constexpr layer_role role = layer_role::general;
  static constexpr shape output(shape in) { return in; }
};
struct said : least {
  static constexpr auto parameters(shape in) { return std::array{parameter{"weight", {in.channels, 2}, 2}}; }
  static constexpr std::uint64_t macs(shape in) { return in.size(); }
  static constexpr std::size_t scratch(shape) { return 5; }
  static constexpr mistake examine(shape in) { return {mistake_kind::input_refused, -1, in, in}; }
};

}  // namespace

TEST_CASE("what is a layer, and what is not") {
  static_assert(layer<least> && layer<said> && layer<conv2d<3>> && layer<batch_norm> && layer<relu>);
  static_assert(!layer<int> && !layer<nameless> && !layer<sequence<relu>> && !layer<void>);
  CHECK(parameters_of<least>({3}).size() == 0);
  CHECK(macs_of<least>({3}) == 0);
  CHECK(scratch_of<least>({3}) == 0);
  CHECK_FALSE(examine<least>({3}).found());
}

TEST_CASE("what a layer says counts") {
  CHECK(parameters_of<said>({3})[0].size() == 6);
  CHECK(macs_of<said>({3, 2, 2}) == 12);
  CHECK(scratch_of<said>({3}) == 5);
  CHECK(examine<said>({3}).found());
  CHECK(macs_of<conv2d<4, kernel<3>, groups<2>>>({6, 5, 5}) == 4 * 25 * 3 * 9);
}
