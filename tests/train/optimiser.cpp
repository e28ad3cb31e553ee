// SPDX-License-Identifier: MIT
// Laws of optimiser: the rule's step for each parameter of a part, decay for linear weights alone, clipping.
#include <doctest/doctest.h>

#include <flexdnn/flexdnn.hpp>
#include <flexdnn/train/optimiser.hpp>

using namespace flexdnn;

namespace {

struct moved : network<input<2, 2, 2>, conv2d<2>, batch_norm, exit_branch<"e", global_average_pool, dense<2>>,
                       global_average_pool, dense<2, bias<false>>> {};

std::vector<float> after_a_step(const optimiser::rule& rule, trained_part what, float gradient) {
  const training_graph graph = make_training_graph<moved>();
  thread_team team(2);
  optimiser o(graph, rule);
  std::vector<float> p(graph.parameters, 1.0F);
  const std::vector<float> g(graph.parameters, gradient);
  o.update(what, 1, 0.5, p, g, team);
  return p;
}

}  // namespace

TEST_CASE("decay moves linear weights alone, and running statistics never move") {
  // conv 4 + 2, batch norm 2 + 2 + (2 + 2), final dense 4; exit's dense 4 + 2
  const std::vector<float> decayed = after_a_step(sgd{.weight_decay = 0.2}, trained_part::whole, 0.0F);
  std::vector<float> wanted(4, 0.9F);
  wanted.resize(14, 1.0F);
  wanted.resize(22, 0.9F);
  wanted.resize(24, 1.0F);
  REQUIRE(decayed.size() == wanted.size());
  for (std::size_t i = 0; i < wanted.size(); ++i) CHECK(decayed[i] == doctest::Approx(wanted[i]));
  const std::vector<float> adamw = after_a_step(adam{.weight_decay = 0.2}, trained_part::whole, 0.0F);
  for (std::size_t i = 0; i < wanted.size(); ++i) CHECK(adamw[i] == doctest::Approx(wanted[i]));
}

TEST_CASE("a step moves its part by the rule") {
  for (const trained_part what : {trained_part::exits, trained_part::trunk, trained_part::whole}) {
    const std::vector<float> p = after_a_step(sgd{}, what, 1.0F);
    for (std::size_t i = 0; i < p.size(); ++i) {
      const bool exit = i >= 18, statistics = i >= 10 && i < 14;
      const bool moves =
          !statistics && (what == trained_part::whole || exit == (what == trained_part::exits));
      CHECK(p[i] == (moves ? 0.5F : 1.0F));
    }
  }
}

TEST_CASE("clipping shortens a long gradient and keeps a short one") {
  std::vector<float> g{3.0F, -4.0F};
  optimiser::clip(10.0, g);
  CHECK(g == std::vector{3.0F, -4.0F});
  optimiser::clip(0.0, g);
  CHECK(g == std::vector{3.0F, -4.0F});
  optimiser::clip(1.0, g);
  CHECK(g[0] == doctest::Approx(0.6));
  CHECK(g[1] == doctest::Approx(-0.8));
}
