// SPDX-License-Identifier: MIT
// Laws of convolution_gradient: the forward pass is the written equation, the backward pass its derivative.
#include <doctest/doctest.h>

#include <flexdnn/train/convolution_gradient.hpp>
#include <limits>

#include "linear_layers.hpp"
#include "reference.hpp"

namespace {

using namespace flexdnn;
using test::numbers;

/// The reference for n images; the numbers must be floats.
numbers naive(const convolution& c, int n, const numbers& x, const numbers& w, const numbers& b) {
  const std::vector<float> x_float = test::narrow(x), w_float = test::narrow(w), b_float = test::narrow(b);
  numbers y;
  for (std::size_t image = 0; image < static_cast<std::size_t>(n); ++image) {
    const numbers part = reference::convolve(c, x_float.data() + image * c.in.size(), w_float.data(),
                                             b.empty() ? nullptr : b_float.data());
    y.insert(y.end(), part.begin(), part.end());
  }
  return y;
}

/// Everything that one check of one convolution needs. The workspace starts full of NaN.
struct convolution_problem {
  convolution c;
  int n;
  numbers x, w, b, direction;
  numbers workspace = numbers(100000, std::numeric_limits<double>::quiet_NaN());

  convolution_problem(random_generator& random, int images)
      : convolution_problem(random, test::random_convolution(random), images) {}

  convolution_problem(random_generator& random, const convolution& layer, int images)
      : c{layer},
        n{images},
        x{test::random_floats(random, static_cast<std::size_t>(n) * c.in.size())},
        w{test::random_floats(random, static_cast<std::size_t>(c.taps() * c.out.channels))},
        b{test::random_floats(random, static_cast<std::size_t>(c.out.channels))},
        direction{test::random_floats(random, static_cast<std::size_t>(n) * c.out.size())} {}

  numbers forward() {
    numbers y(direction.size(), std::numeric_limits<double>::quiet_NaN());
    convolution_forward(c, n, x.data(), w.data(), b.data(), y.data(), workspace);
    return y;
  }

  double loss() { return test::dot(forward(), direction); }
};

}  // namespace

TEST_CASE("convolution_forward is the naive sum, with and without bias, for any options") {
  random_generator random{1};
  for (int trial = 0; trial < 200; ++trial) {
    convolution_problem p(random, 1 + trial % 3);
    CHECK(test::relative_error(p.forward(), naive(p.c, p.n, p.x, p.w, p.b)) < 1e-12);
    numbers y(p.direction.size());
    convolution_forward(p.c, p.n, p.x.data(), p.w.data(), nullptr, y.data(), p.workspace);
    const numbers wanted = naive(p.c, p.n, p.x, p.w, {});
    for (std::size_t i = 0; i < y.size(); ++i) CHECK(std::abs(y[i] - wanted[i]) < 1e-12);
  }
}

TEST_CASE(
    "convolution_backward is the derivative of convolution_forward, and accumulates dweight and dbias") {
  random_generator random{2};
  for (int trial = 0; trial < 60; ++trial) {
    convolution_problem p(random, 1 + trial % 3);
    CAPTURE(trial);
    const auto loss = [&] { return p.loss(); };
    // Pixels under no window and weights over padding alone have gradient 0, so all are compared as one
    // vector.
    numbers wanted;
    for (numbers* at : {&p.x, &p.w, &p.b}) {
      const numbers part = test::finite_difference(*at, loss, 1e-3);
      wanted.insert(wanted.end(), part.begin(), part.end());
    }
    numbers dx(p.x.size(), 7.0);
    numbers dw(p.w.size(), 1.0);
    numbers db(p.b.size(), 2.0);
    convolution_backward(p.c, p.n, p.x.data(), p.w.data(), p.direction.data(), dx.data(), dw.data(),
                         db.data(), p.workspace);
    for (double& g : dw) g -= 1.0;
    for (double& g : db) g -= 2.0;
    numbers got = dx;
    got.insert(got.end(), dw.begin(), dw.end());
    got.insert(got.end(), db.begin(), db.end());
    CHECK(test::relative_error(got, wanted) < 1e-8);
    numbers only_dx(p.x.size());
    convolution_backward(p.c, p.n, p.x.data(), p.w.data(), p.direction.data(), only_dx.data(), nullptr,
                         nullptr, p.workspace);
    CHECK(only_dx == dx);
    numbers only_dw(p.w.size(), 1.0);
    convolution_backward(p.c, p.n, p.x.data(), p.w.data(), p.direction.data(), nullptr, only_dw.data(),
                         nullptr, p.workspace);
    for (double& g : only_dw) g -= 1.0;
    CHECK(only_dw == dw);
  }
}

TEST_CASE("a mini-batch that does not fit one chunk of columns is the sum of its images") {
  random_generator random{3};
  const convolution c{
      .in = {2, 16, 16}, .out = {4, 16, 16}, .kernel_h = 3, .kernel_w = 3, .padding_h = 1, .padding_w = 1};
  const int n = 9;
  REQUIRE(detail::images_at_once<double>(c, n) > 1);
  REQUIRE(detail::images_at_once<double>(c, n) < n);
  convolution_problem p(random, c, n);
  CHECK(test::relative_error(p.forward(), naive(c, n, p.x, p.w, p.b)) < 1e-12);
  numbers dx(p.x.size());
  numbers dw(p.w.size());
  convolution_backward(c, n, p.x.data(), p.w.data(), p.direction.data(), dx.data(), dw.data(), nullptr,
                       p.workspace);
  numbers dx_each(p.x.size());
  numbers dw_each(p.w.size());
  for (std::size_t image = 0; image < n; ++image) {
    const std::size_t in = image * c.in.size();
    convolution_backward(c, 1, p.x.data() + in, p.w.data(), p.direction.data() + image * c.out.size(),
                         dx_each.data() + in, dw_each.data(), nullptr, p.workspace);
  }
  CHECK(test::relative_error(dx, dx_each) < 1e-12);
  CHECK(test::relative_error(dw, dw_each) < 1e-12);
}

TEST_CASE("float agrees with double") {
  random_generator random{4};
  for (int trial = 0; trial < 20; ++trial) {
    convolution_problem p(random, 2);
    std::vector<float> workspace;
    std::vector<float> y(p.direction.size());
    std::vector<float> dx(p.x.size());
    std::vector<float> dw(p.w.size());
    const std::vector<float> x = test::narrow(p.x), w = test::narrow(p.w), b = test::narrow(p.b),
                             dy = test::narrow(p.direction);
    convolution_forward(p.c, p.n, x.data(), w.data(), b.data(), y.data(), workspace);
    convolution_backward(p.c, p.n, x.data(), w.data(), dy.data(), dx.data(), dw.data(), nullptr, workspace);
    numbers dx_wanted(p.x.size());
    numbers dw_wanted(p.w.size());
    convolution_backward(p.c, p.n, p.x.data(), p.w.data(), p.direction.data(), dx_wanted.data(),
                         dw_wanted.data(), nullptr, p.workspace);
    CHECK(test::relative_error(test::widen(y), p.forward()) < 1e-5);
    CHECK(test::relative_error(test::widen(dx), dx_wanted) < 1e-5);
    CHECK(test::relative_error(test::widen(dw), dw_wanted) < 1e-5);
  }
}
