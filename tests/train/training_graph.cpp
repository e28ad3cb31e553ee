// SPDX-License-Identifier: MIT
// Laws of training_graph: every layer as written, at its place in the canonical block, whatever was fused.
#include <doctest/doctest.h>

#include <algorithm>
#include <flexdnn/flexdnn.hpp>
#include <flexdnn/io/parameters.hpp>
#include <flexdnn/models.hpp>
#include <flexdnn/train/training_graph.hpp>

using namespace flexdnn;

namespace {

struct written : network<input<4, 6, 6>, dropout<>, conv2d<4, kernel<3>>, dropout<>, batch_norm, relu,
                         residual<sequence<dropout<>, conv2d<4>>, none, relu>,
                         exit_branch<"early", parallel<conv2d<2>, sequence<>>, global_average_pool, dense<3>>,
                         repeat<2, residual<sequence<conv2d<4>, relu>>>, flatten, dense<3>> {};

/// Every parameter of the network belongs to one operation, and tensors do not straddle two.
template <class Network>
void check_offsets() {
  const training_graph graph = make_training_graph<Network>();
  std::vector<int> owner(graph.parameters, -1);
  for (std::size_t i = 0; i < graph.operations.size(); ++i) {
    const operation& o = graph.operations[i];
    for (std::size_t j = 0; j < o.parameters; ++j) {
      CHECK(owner[o.weights + j] == -1);
      owner[o.weights + j] = static_cast<int>(i);
    }
  }
  for (const named_parameter& p : parameters<Network>()) {
    CAPTURE(p.name);
    const int one = owner[p.offset];
    CHECK(one >= 0);
    CHECK(std::all_of(owner.begin() + static_cast<std::ptrdiff_t>(p.offset),
                      owner.begin() + static_cast<std::ptrdiff_t>(p.offset + p.size),
                      [&](int o) { return o == one; }));
    if (one < 0) continue;
    const operation& o = graph.operations[static_cast<std::size_t>(one)];
    CHECK((o.exit >= 0) == p.exit);
    CHECK((o.what == operation::kind::batch_norm) == (p.buffer || p.name.find("bn") != std::string::npos ||
                                                      (o.parameters == 4 * p.size && p.extents.size() == 1)));
  }
}

}  // namespace

TEST_CASE("operations read and write the maps that the network says") {
  using enum operation::kind;
  const training_graph g = make_training_graph<written>();
  const std::vector expected{dropout,      linear, dropout,    batch_norm, activation, dropout,
                             linear,       add,    activation, linear,     append,     append,
                             average_pool, linear, linear,     activation, add,        linear,
                             activation,   add,    gather,     linear};
  REQUIRE(g.operations.size() == expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) CHECK(g.operations[i].what == expected[i]);
  const auto& o = g.operations;
  CHECK(o[7].input == o[6].output);
  CHECK(o[7].second == o[4].output);  // the residual adds what its body's dropout read
  CHECK(o[14].input == o[8].output);  // the trunk goes on from what the branch read
  CHECK(o[10].output == o[11].output);
  CHECK(o[11].input == o[8].output);
  CHECK(o[11].channel == 2);
  CHECK(o[17].weights == o[14].weights + o[14].parameters);
  CHECK(o[9].exit == 0);
  CHECK(o[14].exit == -1);
  REQUIRE(g.exits.size() == 2);
  CHECK(g.exits[0].name == "early");
  CHECK(g.exits[1].scores == o.back().output);
}

TEST_CASE("parameters lie as in the canonical block") {
  check_offsets<written>();
  check_offsets<resnet_cifar<20>>();
  check_offsets<
      with_exits<resnet_cifar<20>, flexdnn::at<3, exit_branch<"a", global_average_pool, dense<10>>>>>();
}
