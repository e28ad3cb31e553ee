// SPDX-License-Identifier: MIT
// Laws of prepared_convolution: forward is the written equation, backward its adjoint, floats agree with
// doubles.
#include <doctest/doctest.h>

#include <flexdnn/train/prepared_convolution.hpp>
#include <limits>

#include "linear_layers.hpp"
#include "reference.hpp"

namespace {

using namespace flexdnn;
using test::numbers;

/// One convolution and n images of numbers that floats hold. Workspaces start full of NaN.
struct prepared_problem {
  convolution c;
  int n;
  numbers x, w, b, dy;

  prepared_problem(random_generator& random, const convolution& layer, int images)
      : c{layer},
        n{images},
        x{test::random_floats(random, static_cast<std::size_t>(n) * c.in.size())},
        w{test::random_floats(random, static_cast<std::size_t>(c.taps() * c.out.channels))},
        b{test::random_floats(random, static_cast<std::size_t>(c.out.channels))},
        dy{test::random_floats(random, static_cast<std::size_t>(n) * c.out.size())} {}

  template <class T>
  numbers forward() const {
    prepared_convolution<T> ready;
    const std::vector<T> weight(w.begin(), w.end()), bias(b.begin(), b.end()), in(x.begin(), x.end());
    std::vector<T> y(dy.size(), T(NAN)), workspace(1000, T(NAN));
    ready.forward(c, weight.data(), bias.data());
    ready.run(n, in.data(), y.data(), workspace);
    return {y.begin(), y.end()};
  }

  template <class T>
  numbers backward() const {
    prepared_convolution<T> ready;
    const std::vector<T> weight(w.begin(), w.end()), d(dy.begin(), dy.end());
    std::vector<T> dx(x.size(), T(NAN)), workspace(1000, T(NAN));
    ready.backward(c, weight.data());
    ready.run(n, d.data(), dx.data(), workspace);
    return {dx.begin(), dx.end()};
  }

  numbers naive() const {
    const std::vector<float> in = test::narrow(x), weight = test::narrow(w), bias = test::narrow(b);
    numbers y;
    for (std::size_t image = 0; image < static_cast<std::size_t>(n); ++image) {
      const numbers part =
          reference::convolve(c, in.data() + image * c.in.size(), weight.data(), bias.data());
      y.insert(y.end(), part.begin(), part.end());
    }
    return y;
  }
};

}  // namespace

TEST_CASE("forward is the naive sum for any options, in double and on the engine's kernels") {
  random_generator random{1};
  for (int trial = 0; trial < 200; ++trial) {
    const prepared_problem p(random, test::random_convolution(random), 1 + trial % 3);
    CHECK(test::relative_error(p.forward<double>(), p.naive()) < 1e-12);
    CHECK(test::relative_error(p.forward<float>(), p.naive()) < 1e-5);
  }
}

TEST_CASE("<conv(x), y> = <x, backward(y)> for any options") {
  random_generator random{2};
  for (int trial = 0; trial < 200; ++trial) {
    prepared_problem p(random, test::random_convolution(random), 1 + trial % 3);
    std::fill(p.b.begin(), p.b.end(), 0.0);
    const numbers dx = p.backward<double>();
    const double left = test::dot(p.forward<double>(), p.dy), right = test::dot(p.x, dx);
    CHECK(std::abs(left - right) < 1e-10);
    const numbers in_float = p.backward<float>();
    numbers difference = dx;
    for (std::size_t i = 0; i < dx.size(); ++i) difference[i] -= in_float[i];
    CHECK(test::dot(difference, difference) <= 1e-10 * test::dot(dx, dx));
  }
}

TEST_CASE("layers that Winograd computes agree, there and back") {
  random_generator random{3};
  for (const int channels : {16, 32}) {
    const convolution c{.in = {channels, 9, 8},
                        .out = {32, 9, 8},
                        .kernel_h = 3,
                        .kernel_w = 3,
                        .padding_h = 1,
                        .padding_w = 1};
    const prepared_problem p(random, c, 2);
    CHECK(test::relative_error(p.forward<float>(), p.naive()) < 1e-5);
    CHECK(test::relative_error(p.backward<float>(), p.backward<double>()) < 1e-5);
  }
}
