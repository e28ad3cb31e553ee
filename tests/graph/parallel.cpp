// SPDX-License-Identifier: MIT
// parallel: concatenation equals the branches one by one; convolutions write in place, the rest is copied.
#include <flexdnn/graph/parallel.hpp>

#include <doctest/doctest.h>

#include <flexdnn/plan/workspace.hpp>

#include "network_laws.hpp"
#include "networks.hpp"

using namespace flexdnn;
using networks::conv;
using networks::head;

namespace {

struct fire : network<input<3, 6, 5>, conv<4>, relu,
                      parallel<sequence<conv2d<5>, relu>, sequence<conv<9>, batch_norm, relu6>>, head> {};

// Every kind of end: nothing, a pool, an activation alone, a residual, a loop, a depthwise layer, a nested
// concatenation, one channel.
using ends = parallel<sequence<>, max_pool2d<kernel<3>, stride<1>, padding<1>>, relu, residual<conv<6>>,
                      repeat<3, conv<6>>, repeat<2, basic_block<6>>, depthwise_conv2d<kernel<3>>,
                      parallel<conv<2>, sequence<conv<3>, parallel<sequence<>, conv2d<4>>>>, conv2d<1>>;
struct every_end : network<input<3, 6, 5>, conv<6>, ends, relu, head> {};

struct single : network<input<3, 4, 4>, parallel<conv<4>>, head> {};
struct of_the_frame : network<input<3, 4, 4>, parallel<sequence<>, conv<4>>, head> {};
struct strided
    : network<input<5, 7, 6>,
              parallel<conv2d<7, kernel<3>, stride<2>>, max_pool2d<kernel<3>, stride<2>, padding<1>>>, head> {
};
struct in_a_loop : network<input<4, 5, 5>, repeat<5, sequence<parallel<conv<3>, sequence<>>, conv<4>>>,
                           repeat<2, parallel<conv<1>, conv2d<3>>>,
                           residual<parallel<conv<2>, conv2d<2>>, none, relu>, head> {};
struct vectors
    : network<input<3, 4, 4>, parallel<global_average_pool, sequence<flatten, dense<5>>>, dense<3>> {};

struct backbone : network<input<3, 6, 5>, conv<6>, relu, parallel<conv<3>, conv2d<3>>,
                          repeat<3, parallel<conv<3>, sequence<conv<4>, relu, conv<3>>>>, head> {};
struct adaptive : with_exits<backbone, at<2, exit_branch<"a", parallel<conv<2>, sequence<>>, relu, head>>,
                             at<4, exit_branch<"b", head>>> {};
struct adaptive_flat : network<input<3, 6, 5>, conv<6>, relu, parallel<conv<3>, conv2d<3>>,
                               exit_branch<"a", parallel<conv<2>, sequence<>>, relu, head>,
                               parallel<conv<3>, sequence<conv<4>, relu, conv<3>>>,
                               parallel<conv<3>, sequence<conv<4>, relu, conv<3>>>, exit_branch<"b", head>,
                               parallel<conv<3>, sequence<conv<4>, relu, conv<3>>>, head> {};

}  // namespace

TEST_CASE("outputs are the branches' side by side") {
  network_laws<fire>();
  network_laws<every_end>();
  network_laws<single>();
  network_laws<of_the_frame>();
  network_laws<strided>();
  network_laws<in_a_loop>();
  network_laws<vectors>();
}

TEST_CASE("a parallel is a block: exits stand after it, loops of it are parted") {
  network_laws<backbone>();
  network_laws<adaptive, adaptive_flat>();
  CHECK(lowered<adaptive>::cuts.size() == 6);
}

TEST_CASE("a branch that ends in a convolution needs no copy") {
  using low = lowered<fire>;
  REQUIRE(low::steps.size() == 5);  // stem, two branches, pooling, dense
  CHECK(low::steps[1].output == low::steps[2].output);
  CHECK(low::steps[2].channel == 5);
  CHECK((low::steps[1].pitch == 14 && low::steps[2].pitch == 14));
  std::size_t copies = 0;
  for (const step& s : lowered<every_end>::steps) {
    copies += s.lead < 0 && s.residual < 0 && s.pitch > 0 ? 1U : 0U;
  }
  CHECK(copies == 8);  // all ends but depthwise, conv<2>, conv2d<4> and conv2d<1>; two of them nested
}

TEST_CASE("branches are numbered, or named") {
  struct names
      : network<input<3, 4, 4>, parallel<conv<2>, named<"pool", conv<2>>, sequence<relu, conv<3>>>, head> {};
  using low = lowered<names>;
  CHECK(low::nodes[0].where.view() == "0.0");
  CHECK(low::nodes[1].where.view() == "0.pool");
  CHECK(low::nodes[3].where.view() == "0.1.1");
}
