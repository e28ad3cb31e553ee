// SPDX-License-Identifier: MIT
// Laws of convolution_gradient: it is the derivative by weights and bias, added to what is there.
#include <doctest/doctest.h>

#include <flexdnn/train/convolution_gradient.hpp>
#include <limits>

#include "linear_layers.hpp"

namespace {

using namespace flexdnn;
using test::numbers;

struct convolution_problem {
  convolution c;
  int n;
  numbers x, w, b, direction;
  numbers workspace = numbers(1000, std::numeric_limits<double>::quiet_NaN());

  convolution_problem(random_generator& random, int images)
      : c{test::random_convolution(random)},
        n{images},
        x{test::random_floats(random, static_cast<std::size_t>(n) * c.in.size())},
        w{test::random_floats(random, static_cast<std::size_t>(c.taps() * c.out.channels))},
        b{test::random_floats(random, static_cast<std::size_t>(c.out.channels))},
        direction{test::random_floats(random, static_cast<std::size_t>(n) * c.out.size())} {}

  double loss() {
    prepared_convolution<double> ready;
    numbers y(direction.size());
    ready.forward(c, w.data(), b.data());
    ready.run(n, x.data(), y.data(), workspace);
    return test::dot(y, direction);
  }
};

}  // namespace

TEST_CASE("convolution_gradient is the derivative by weights and bias, for any options") {
  random_generator random{2};
  for (int trial = 0; trial < 60; ++trial) {
    CAPTURE(trial);
    convolution_problem p(random, 1 + trial % 3);
    const auto loss = [&] { return p.loss(); };
    // Weights over padding alone have gradient 0, so both are compared as one vector.
    numbers wanted = test::finite_difference(p.w, loss, 1e-3);
    const numbers bias_wanted = test::finite_difference(p.b, loss, 1e-3);
    wanted.insert(wanted.end(), bias_wanted.begin(), bias_wanted.end());
    numbers dw(p.w.size(), 1.0), db(p.b.size(), 1.0);
    convolution_gradient(p.c, p.n, p.x.data(), p.direction.data(), dw.data(), db.data(), p.workspace);
    numbers got = dw;
    got.insert(got.end(), db.begin(), db.end());
    for (double& g : got) g -= 1.0;
    CHECK(test::relative_error(got, wanted) < 1e-8);
    numbers alone(p.w.size(), 1.0);
    convolution_gradient(p.c, p.n, p.x.data(), p.direction.data(), alone.data(), nullptr, p.workspace);
    CHECK(alone == dw);
    std::vector<float> narrow(p.w.size()), workspace;
    const std::vector<float> x = test::narrow(p.x), dy = test::narrow(p.direction);
    convolution_gradient(p.c, p.n, x.data(), dy.data(), narrow.data(), nullptr, workspace);
    for (std::size_t i = 0; i < dw.size(); ++i) {
      CHECK(static_cast<double>(narrow[i]) == doctest::Approx(dw[i] - 1.0).epsilon(1e-4).scale(1.0));
    }
  }
}
