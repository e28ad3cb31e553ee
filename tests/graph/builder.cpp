// SPDX-License-Identifier: MIT
// builder: which layers become one step, and where cut points lie.
#include <flexdnn/graph/builder.hpp>

#include <doctest/doctest.h>

#include <flexdnn/flexdnn.hpp>
#include <string>
#include <vector>

#include "networks.hpp"

using namespace flexdnn;
using networks::conv;

namespace {

/// Names of the steps: layers that share one are joined by +.
template <class Network>
std::vector<std::string> fused() {
  using low = lowered<Network>;
  std::vector<std::string> steps(low::steps.size());
  for (std::size_t s = 0; s < steps.size(); ++s) {
    if (low::steps[s].lead < 0) steps[s] = low::steps[s].residual >= 0 ? "add" : "copy";
  }
  for (const node& n : low::nodes) {
    if (n.step < 0) continue;
    std::string& text = steps[static_cast<std::size_t>(n.step)];
    const step& s = low::steps[static_cast<std::size_t>(n.step)];
    if (n.leaf == s.activation && s.lead >= 0 && s.residual >= 0) text += "+add";
    text += (text.empty() ? "" : "+") + std::string(n.type_name);
    if (n.leaf == s.lead && s.residual >= 0 && s.affine < 0 && s.activation < 0) text += "+add";
    if (n.leaf == s.affine && s.residual >= 0 && s.activation < 0) text += "+add";
  }
  return steps;
}
using steps = std::vector<std::string>;

struct group : network<input<3, 6, 6>, conv<4>, batch_norm, relu, max_pool2d<kernel<2>>, relu, batch_norm,
                       relu, conv<4>, relu, batch_norm, flatten, dense<3>> {};
struct residuals
    : network<input<4, 4, 4>, residual<sequence<conv<4>, batch_norm>>, relu,
              residual<sequence<conv<4>, relu>>, residual<relu, conv<4>, relu>, flatten, dense<3>> {};
struct parted : network<input<4, 4, 4>, conv<4>, exit_branch<"a", flatten, dense<3>>, batch_norm,
                        exit_branch<"b", relu, flatten, dense<3>>, relu, flatten, dense<3>> {};

}  // namespace

TEST_CASE("convolution, batch norm and activation are one step; a pool's activation is its own") {
  CHECK(fused<group>() == steps{"conv2d+batch_norm+relu", "max_pool2d", "relu", "batch_norm+relu",
                                "conv2d+relu", "batch_norm", "flatten", "dense"});
}

TEST_CASE("the addition joins the last convolution, unless an activation stands between") {
  CHECK(fused<residuals>() == steps{"conv2d+batch_norm+add+relu", "conv2d+relu", "add", "conv2d", "relu",
                                    "add+relu", "flatten", "dense"});
}

TEST_CASE("an exit in a group parts it") {
  CHECK(fused<parted>() == steps{"conv2d", "flatten", "dense", "batch_norm", "relu", "flatten", "dense",
                                 "relu", "flatten", "dense"});
}

TEST_CASE("cut points follow fused groups and whole blocks, repeats unrolled") {
  using low = lowered<networks::trunk>;
  REQUIRE(low::cuts.size() == 17);
  const char* wanted[] = {"2",    "3",      "4",    "5",      "6",    "7",      "8.1",  "9.1", "10.1",
                          "11.1", "12.0.1", "12.1", "13.0.1", "13.1", "14.0.1", "14.1", "15"};
  const std::uint64_t convolution = 6 * 6 * 5 * 6 * 9, first = 6 * 6 * 5 * 3 * 9;
  const std::uint64_t before[] = {0, 2, 4, 6, 8, 10, 11, 12, 13, 14, 15, 15, 16, 16, 17, 17, 17};
  for (std::size_t i = 0; i < 17; ++i) {
    CAPTURE(i);
    CHECK(low::cuts[i].macs == first + before[i] * convolution);
    CHECK(low::cuts[i].out == (i < 16 ? shape{6, 6, 5} : shape{6, 1, 1}));
    CHECK(low::cuts[i].where.view() == wanted[i]);
  }
}
