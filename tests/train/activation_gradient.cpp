// SPDX-License-Identifier: MIT
// Laws of activation_gradient: the layers' values, derivative, slope at the kink, NaN, and work in place.
#include <doctest/doctest.h>

#include <array>
#include <flexdnn/kernels/activate.hpp>
#include <flexdnn/train/operation.hpp>

#include "finite_difference.hpp"

using namespace flexdnn;
using test::numbers;

namespace {

numbers activated(const operation& o, const numbers& x) {
  numbers y(x.size());
  activation_forward(o.function, o.constant, x.size(), x.data(), y.data());
  return y;
}

template <class Layer>
void check_activation() {
  CAPTURE(Layer::type_name);
  const operation o = operation_of<Layer>({1, 1, 1});
  random_generator random{1};
  numbers x = test::random_numbers(random, 101);
  for (double& v : x) v *= 4.0;
  const numbers direction = test::random_numbers(random, x.size());
  const numbers y = activated(o, x);
  for (std::size_t i = 0; i < x.size(); ++i) {
    const float layers = Layer::apply(static_cast<float>(x[i]));
    CHECK(static_cast<double>(layers) == doctest::Approx(y[i]).epsilon(1e-5).scale(1e-3));
  }
  const numbers wanted = test::finite_difference(x, [&] { return test::dot(activated(o, x), direction); });
  numbers in_place = x;
  activation_forward(o.function, o.constant, x.size(), in_place.data(), in_place.data());
  CHECK(in_place == y);
  numbers dx = direction;
  activation_backward(o.function, o.constant, x.size(), from_output(o.function) ? y.data() : x.data(),
                      dx.data(), dx.data());
  CHECK(test::relative_error(dx, wanted) < 1e-8);
  CHECK(std::isnan(activated(o, {NAN})[0]));
}

}  // namespace

TEST_CASE("activation_backward is the derivative of activation_forward, which is the layer's apply") {
  check_activation<relu>();
  check_activation<relu6>();
  check_activation<leaky_relu<>>();
  check_activation<leaky_relu<std::ratio<1, 5>>>();
  check_activation<sigmoid>();
  check_activation<hard_sigmoid>();
  check_activation<swish>();
  check_activation<hard_swish>();
}

TEST_CASE("the kink of relu has slope 0") {
  const numbers y{0.0, -0.0}, dy{1.0, 1.0};
  numbers dx(2, 7.0);
  activation_backward(activation::relu, 0.0, 2, y.data(), dy.data(), dx.data());
  CHECK(dx == numbers{0.0, 0.0});
}
