// SPDX-License-Identifier: MIT
// Laws of a whole branch: its gradient against finite differences in double, every kind of layer in it.
#include <doctest/doctest.h>

#include <flexdnn/flexdnn.hpp>
#include <flexdnn/train/branch_gradient.hpp>
#include <flexdnn/train/cross_entropy.hpp>

using namespace flexdnn;

namespace {

struct every_layer
    : network<
          input<3, 8, 8>, conv2d<4, kernel<3>>, relu,
          exit_branch<"all", separable_conv2d<6, kernel<3>, stride<2>, bias<false>>, batch_norm, relu,
                      max_pool2d<kernel<2>, stride<1>, padding<1>>, conv2d<8, kernel<3>, groups<2>>, relu,
                      average_pool2d<kernel<2>>, dropout<std::ratio<1, 4>>, global_average_pool, dense<5>>,
          global_average_pool, dense<5>> {};

constexpr int batch = 3;

struct branch_problem {
  branch_gradient<double> branch{branch_layers<every_layer, 0>()};
  std::vector<double> features, parameters;
  std::vector<int> labels{4, 0, 2};

  branch_problem() {
    random_generator random(5);
    features.resize(batch * branch.layers().front().in.size());
    for (double& x : features) x = random.normal();
    std::size_t size = 0;
    for (const node& n : lowered<every_layer>::nodes) size += n.exit == 0 ? n.parameters : 0;
    parameters.resize(size);
    for (double& w : parameters) w = 0.3 * random.normal();
    for (const branch_layer& l : branch.layers()) {
      if (l.what != branch_layer::operation::batch_norm) continue;
      // gamma away from zero, running variance positive
      for (std::size_t c = 0; c < static_cast<std::size_t>(l.in.channels); ++c) {
        parameters[l.weights + c] = 1.0 + 0.1 * static_cast<double>(c);
        parameters[l.weights + 3 * static_cast<std::size_t>(l.in.channels) + c] = 1.0;
      }
    }
  }

  double loss(std::vector<double>& dscores) {
    random_generator masks(9);  // the same dropout every time
    const auto scores = branch.forward(batch, features.data(), parameters, masks);
    dscores.resize(scores.size());
    return cross_entropy(batch, 5, scores.data(), labels.data(), 0.1, dscores.data());
  }
};

}  // namespace

TEST_CASE("the branch's rows carry the layers as written") {
  using enum branch_layer::operation;
  const auto rows = branch_layers<every_layer, 0>();
  const std::vector expected{linear, linear,       batch_norm, relu,         max_pool, linear,
                             relu,   average_pool, dropout,    average_pool, linear};
  REQUIRE(rows.size() == expected.size());
  for (std::size_t i = 0; i < rows.size(); ++i) CHECK(rows[i].what == expected[i]);
  CHECK(rows[0].linear.depthwise());
  CHECK_FALSE(rows[0].bias);
  CHECK(rows.back().bias);
  CHECK(rows[2].weights == 4 * 9 + 4 * 6);
}

TEST_CASE("backward equals central finite differences for every parameter") {
  branch_problem p;
  std::vector<double> dscores, ignored;
  p.loss(dscores);
  std::vector<double> gradient(p.parameters.size(), 0.0);
  p.branch.backward(batch, dscores, p.parameters, gradient);
  std::size_t checked = 0;
  for (const branch_layer& l : p.branch.layers()) {
    std::size_t trained = 0;
    if (l.what == branch_layer::operation::linear) {
      trained = static_cast<std::size_t>(l.linear.out.channels * l.linear.taps() +
                                         (l.bias ? l.linear.out.channels : 0));
    } else if (l.what == branch_layer::operation::batch_norm) {
      trained = 2 * static_cast<std::size_t>(l.in.channels);
    }
    for (std::size_t i = l.weights; i < l.weights + trained; ++i, ++checked) {
      constexpr double h = 1e-5;
      const double kept = p.parameters[i];
      p.parameters[i] = kept + h;
      const double above = p.loss(ignored);
      p.parameters[i] = kept - h;
      const double below = p.loss(ignored);
      p.parameters[i] = kept;
      const double numeric = (above - below) / (2.0 * h);
      INFO("parameter " << i);
      CHECK(gradient[i] == doctest::Approx(numeric).epsilon(1e-5).scale(1e-3));
    }
  }
  CHECK(checked > 200);
}

TEST_CASE("gradients add up, and running statistics have none") {
  branch_problem p;
  std::vector<double> dscores;
  p.loss(dscores);
  std::vector<double> once(p.parameters.size(), 0.0), twice(p.parameters.size(), 0.0);
  p.branch.backward(batch, dscores, p.parameters, once);
  p.branch.backward(batch, dscores, p.parameters, twice);
  p.branch.backward(batch, dscores, p.parameters, twice);
  for (std::size_t i = 0; i < once.size(); ++i) CHECK(twice[i] == doctest::Approx(2.0 * once[i]));
  for (const branch_layer& l : p.branch.layers()) {
    if (l.what != branch_layer::operation::batch_norm) continue;
    for (std::size_t i = 0; i < 2 * static_cast<std::size_t>(l.in.channels); ++i) {
      CHECK(once[l.weights + 2 * static_cast<std::size_t>(l.in.channels) + i] == 0.0);
    }
  }
}
