// SPDX-License-Identifier: MIT
// fingerprint: the same for the same network however it is written, another for any change that weights feel,
// and the same number everywhere.
#include <flexdnn/plan/fingerprint.hpp>

#include <doctest/doctest.h>

#include <bit>
#include <flexdnn/engine/packed.hpp>
#include <flexdnn/plan/layout_target.hpp>
#include <set>

#include "networks.hpp"

using namespace flexdnn;

namespace {

using head = sequence<global_average_pool, dense<3>>;
template <class... Layers>
using net = network<input<4, 6, 6>, Layers..., head>;

struct first : net<named<"a", conv2d<4, kernel<3>>>, batch_norm, relu> {};
struct second : net<named<"a", conv2d<4, kernel<3>>>, batch_norm, relu> {};

/// No batch norm: packing moves numbers and computes none, so that its bits are the same everywhere.
struct laid_out : net<conv2d<12, kernel<3>>, relu, repeat<3, conv2d<12, kernel<3>, groups<2>>>,
                      depthwise_conv2d<kernel<3>>, conv2d<17>> {};

template <int Panel>
std::uint64_t packed_sum() {
  std::array<float, lowered<laid_out>::parameters> canonical{};
  for (std::size_t i = 0; i < canonical.size(); ++i) canonical[i] = static_cast<float>(1 + i);
  packed<laid_out, layout_target<Panel>> out;
  pack<laid_out, layout_target<Panel>>(canonical, out);
  detail::fingerprint_sum sum;
  for (const float x : out.values) sum.add(std::uint64_t{std::bit_cast<std::uint32_t>(x)});
  return sum.value;
}

}  // namespace

TEST_CASE("two types that are the same network have the same fingerprint") {
  CHECK(fingerprint<first> == fingerprint<second>);
}

TEST_CASE("what a weights file would be refused for changes the fingerprint") {
  const std::set<std::uint64_t> all{
      fingerprint<first>,
      fingerprint<net<named<"b", conv2d<4, kernel<3>>>, batch_norm, relu>>,        // a name
      fingerprint<net<named<"a", conv2d<4, kernel<3>>>, relu, batch_norm>>,        // the order
      fingerprint<net<named<"a", conv2d<4, kernel<3>>>, batch_norm>>,              // an activation
      fingerprint<net<named<"a", conv2d<4, kernel<3>>>, batch_norm, relu, relu>>,  // one more
      fingerprint<net<named<"a", conv2d<4, kernel<9, 1>>>, batch_norm, relu>>,  // as many weights, otherwise
      fingerprint<net<named<"a", conv2d<4, kernel<1, 9>>>, batch_norm, relu>>,
      fingerprint<net<named<"a", conv2d<4, kernel<3>, bias<false>>>, batch_norm, relu>>,
      fingerprint<net<named<"a", conv2d<4, kernel<3>, stride<2>>>, batch_norm, relu>>,  // as many weights
      fingerprint<net<named<"a", conv2d<4, kernel<3>, groups<2>>>, batch_norm, relu>>,
      fingerprint<net<repeat<2, conv2d<4, kernel<3>>>>>,
      fingerprint<net<repeat<3, conv2d<4, kernel<3>>>>>,
      fingerprint<with_exits<first, at<1, exit_branch<"early", head>>>>,
      fingerprint<with_exits<first, at<1, exit_branch<"other", head>>>>,
      fingerprint<with_exits<first, at<1, exit_branch<"early", flatten, dense<3>>>>>,
  };
  CHECK(all.size() == 15);
}

TEST_CASE("the fingerprint is the same number on every compiler and machine") {
  static_assert(fingerprint<first> == 18357877509168225065u);
  CHECK(fingerprint<networks::inserted> == 8334317731536985431u);
}

TEST_CASE("packed_layout is raised when pack gives other numbers or another order") {
  // Constants that are linked with programs carry it: with a new sum here belongs a new number.
  CHECK(packed_layout == 2);
  CHECK(packed_sum<8>() == 11045739740674522597u);
  CHECK(packed_sum<16>() == 3176428060395863781u);
}
