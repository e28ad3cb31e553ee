// SPDX-License-Identifier: MIT
// splice: no path component of its own, nor of the composites in it; otherwise a sequence.
#include <flexdnn/graph/splice.hpp>

#include <doctest/doctest.h>

#include <flexdnn/flexdnn.hpp>

using namespace flexdnn;

namespace {

template <int Channels>
using conv = conv2d<Channels, kernel<3>>;

template <name First, name Second>
using pair = parallel<named<First, conv<2>>, named<Second, conv<3>>>;

struct spliced : network<input<3, 4, 4>, named<"block", splice<named<"a", conv<4>>, relu, pair<"b", "c">>>,
                         parallel<splice<named<"d", conv<4>>, named<"e", relu>>,
                                  splice<named<"f", conv<5>>, residual<named<"g", conv<5>>>>>,
                         splice<conv<2>, repeat<3, conv<2>>>, conv<2>, flatten, dense<3>> {};
struct in_sequence : network<input<3, 4, 4>, sequence<conv<4>, relu, pair<"b", "c">>,
                             parallel<sequence<conv<4>, relu>, sequence<conv<5>, residual<conv<5>>>>,
                             sequence<conv<2>, repeat<3, conv<2>>>, conv<2>, flatten, dense<3>> {};

}  // namespace

TEST_CASE("parts are named as children of what is around") {
  using low = lowered<spliced>;
  const auto where = [](std::size_t node) { return low::nodes[node].where.view(); };
  CHECK(where(0) == "block.a");
  CHECK(where(2) == "block.b");
  CHECK(where(3) == "block.c");
  CHECK(where(4) == "0.d");
  CHECK(where(6) == "0.f");
  CHECK(where(7) == "0.g");
  // Unnamed, they take numbers among the layers around: the block has a name, the parallel is 0.
  CHECK(where(8) == "1");
  CHECK(where(9) == "*0");
  CHECK(low::loops[0].first_index == 2);
  CHECK(where(low::nodes.size() - 3) == "5");
}

TEST_CASE("the plan is a sequence's") {
  using low = lowered<spliced>;
  using other = lowered<in_sequence>;
  CHECK(low::parameters == other::parameters);
  CHECK(low::trunk_macs == other::trunk_macs);
  CHECK(low::cuts.size() == other::cuts.size());
  REQUIRE(low::steps.size() == other::steps.size());
  for (std::size_t i = 0; i < low::steps.size(); ++i) {
    CHECK(low::steps[i].input == other::steps[i].input);
    CHECK(low::steps[i].output == other::steps[i].output);
    CHECK(low::steps[i].lead == other::steps[i].lead);
    CHECK(low::steps[i].activation == other::steps[i].activation);
  }
}
