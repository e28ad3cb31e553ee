// SPDX-License-Identifier: MIT
// gated: a map times its gate, for channels and for elements; the product stands where the map stood.
#include <flexdnn/graph/gated.hpp>

#include <doctest/doctest.h>

#include "network_laws.hpp"
#include "networks.hpp"

using namespace flexdnn;
using networks::conv;
using networks::head;

namespace {

template <int Channels>
using squeeze = gated<sequence<global_average_pool, conv2d<2>, relu, conv2d<Channels>, sigmoid>>;

struct by_channel : network<input<3, 6, 5>, conv<9>, squeeze<9>, relu, conv<4>, squeeze<4>, head> {};
struct by_element : network<input<4, 5, 5>, gated<conv<4>>, conv<4>, gated<sigmoid>, hard_swish, head> {};
struct of_vectors : network<input<3, 4, 4>, flatten, gated<dense<48>>, dense<3>> {};
struct in_blocks
    : network<input<4, 5, 5>, residual<sequence<conv<4>, squeeze<4>>, none, relu>, repeat<3, squeeze<4>>,
              repeat<4, residual<sequence<conv<4>, squeeze<4>>>>, gated<repeat<2, conv<4>>>, head> {};
struct with_exit : with_exits<in_blocks, at<3, exit_branch<"a", squeeze<4>, head>>> {};
struct with_exit_flat
    : network<input<4, 5, 5>, residual<sequence<conv<4>, squeeze<4>>, none, relu>, squeeze<4>, squeeze<4>,
              exit_branch<"a", squeeze<4>, head>, squeeze<4>,
              repeat<4, residual<sequence<conv<4>, squeeze<4>>>>, gated<repeat<2, conv<4>>>, head> {};

}  // namespace

TEST_CASE("outputs are products") {
  network_laws<by_channel>();
  network_laws<by_element>();
  network_laws<of_vectors>();
  network_laws<in_blocks>();
  network_laws<with_exit, with_exit_flat>();
}

TEST_CASE("an activation joins the product, which takes the map's memory") {
  using low = lowered<by_channel>;
  CHECK(low::steps[4].how == joint::scale);
  CHECK(low::steps[4].activation >= 0);
  constexpr auto plan = plan_workspace<by_channel>(std::array<std::size_t, low::steps.size()>{});
  const auto place = [&](int value) { return plan.value[static_cast<std::size_t>(value)]; };
  CHECK(place(low::steps[4].output) == place(low::steps[4].input));
}
