// SPDX-License-Identifier: MIT
// joint_graph: the graph of a backbone and branches that are data is that of the same network as a type.
#include <flexdnn/search/joint_graph.hpp>

#include <doctest/doctest.h>

#include "problem.hpp"

using namespace search_test;

namespace {

struct joined
    : with_exits<small_backbone,
                 at<1, exit_branch<"after_1", separable_conv2d<8, kernel<3>, bias<false>>, batch_norm, relu,
                                   max_pool2d<kernel<2>>, global_average_pool, dense<3>>>,
                 at<3, exit_branch<"after_3", global_average_pool, dense<3>>>> {};

std::vector<exit_candidate> joined_branches() {
  using enum branch_stage::kind;
  random_generator random(3);
  return {{1, drawn({trunk_probe<small_backbone>::extent(1), 3, {{separable, 8}, {pooled}}}, random)},
          {3, drawn({trunk_probe<small_backbone>::extent(3), 3, {}}, random)}};
}

}  // namespace

TEST_CASE("operation by operation the graph of the type") {
  const training_graph typed = make_training_graph<joined>();
  const training_graph data = make_joint_graph(*freeze(random_trunk()), joined_branches());
  CHECK(data.parameters == typed.parameters);
  CHECK(data.maps == typed.maps);
  REQUIRE(data.operations.size() == typed.operations.size());
  for (std::size_t i = 0; i < data.operations.size(); ++i) {
    CAPTURE(i);
    const operation &a = data.operations[i], &b = typed.operations[i];
    CHECK(a.what == b.what);
    CHECK(a.in == b.in);
    CHECK(a.out == b.out);
    CHECK(a.function == b.function);
    CHECK(a.constant == b.constant);
    CHECK(a.bias == b.bias);
    CHECK(std::array{a.input, a.second, a.output, a.exit} == std::array{b.input, b.second, b.output, b.exit});
    CHECK(std::array{a.weights, a.parameters} == std::array{b.weights, b.parameters});
  }
  REQUIRE(data.exits.size() == 3);
  for (std::size_t e = 0; e < 3; ++e) {
    CHECK(data.exits[e].name == typed.exits[e].name);
    CHECK(data.exits[e].scores == typed.exits[e].scores);
  }
}

TEST_CASE("scores and gradients are those of the type, too") {
  const std::vector<exit_candidate> branches = joined_branches();
  std::vector<float> parameters = random_trunk().values;
  for (const exit_candidate& c : branches)
    parameters.insert(parameters.end(), c.branch.parameters.begin(), c.branch.parameters.end());
  std::vector<float> frames(2 * small_data::frame.size());
  random_generator random(8);
  for (float& x : frames) x = static_cast<float>(random.normal());
  const std::vector<std::vector<float>> dscores(3,
                                                std::vector<float>{0.5F, -1.0F, 0.5F, 0.25F, 0.0F, -0.25F});
  const auto gradient_of = [&](training_graph graph, std::vector<float>& scores) {
    thread_team team(2);
    network_gradient<float> net(std::move(graph), team);
    std::vector<float> values = parameters, gradients(parameters.size());
    net.forward(2, frames.data(), values, 1);
    for (std::size_t e = 0; e < 3; ++e)
      scores.insert(scores.end(), net.scores(e).begin(), net.scores(e).end());
    net.backward(values, dscores, gradients);
    return gradients;
  };
  std::vector<float> typed_scores, scores;
  const std::vector<float> typed = gradient_of(make_training_graph<joined>(), typed_scores);
  CHECK(gradient_of(make_joint_graph(*freeze(random_trunk()), branches), scores) == typed);
  CHECK(scores == typed_scores);
  CHECK(std::ranges::count(typed, 0.0F) < static_cast<std::ptrdiff_t>(typed.size() / 2));
}

TEST_CASE("without branches it is the backbone's own") {
  const training_graph plain = make_training_graph<small_backbone>(),
                       none = make_joint_graph(*freeze(random_trunk()), {});
  CHECK(none.parameters == plain.parameters);
  CHECK(none.maps == plain.maps);
  CHECK(none.operations.size() == plain.operations.size());
  CHECK(none.exits.size() == 1);
}
