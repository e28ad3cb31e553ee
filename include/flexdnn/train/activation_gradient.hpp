// SPDX-License-Identifier: MIT
// activation_gradient: activations over a mini-batch, and their gradients.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace flexdnn {

/// The layers of the same names.
enum class activation : std::uint8_t { relu, relu6, leaky_relu, sigmoid, hard_sigmoid, swish, hard_swish };

/// Whether the derivative is a function of the output alone; the input may then be overwritten by it.
[[nodiscard]] constexpr bool from_output(activation a) {
  return a != activation::swish && a != activation::hard_swish;
}

namespace detail {

/// Calls body(value, slope) with y = value(x) and dy/dx = slope(input or output, as from_output says). At a
/// kink the slope is PyTorch's: relu, relu6, hard_sigmoid and hard_swish's lower end 0.
template <class T, class Body>
void with_activation(activation a, T leak, Body body) {
  const auto logistic = [](T x) { return T{1} / (T{1} + std::exp(-x)); };
  const auto ramp = [](T x) { return std::min(std::max(x + T{3}, T{0}), T{6}) / T{6}; };
  switch (a) {
    case activation::relu:
      return body([](T x) { return x < T{0} ? T{0} : x; }, [](T y) { return y > T{0} ? T{1} : T{0}; });
    case activation::relu6:
      return body([](T x) { return x < T{0}   ? T{0}
                                   : x > T{6} ? T{6}
                                              : x; },
                  [](T y) { return y > T{0} && y < T{6} ? T{1} : T{0}; });
    case activation::leaky_relu:
      return body([=](T x) { return x < T{0} ? x * leak : x; }, [=](T y) { return y > T{0} ? T{1} : leak; });
    case activation::sigmoid:
      return body(logistic, [](T y) { return y * (T{1} - y); });
    case activation::hard_sigmoid:
      return body(ramp, [](T y) { return y > T{0} && y < T{1} ? T{1} / T{6} : T{0}; });
    case activation::swish:
      return body([=](T x) { return x * logistic(x); },
                  [=](T x) { return logistic(x) * (T{1} + x * (T{1} - logistic(x))); });
    case activation::hard_swish:
      return body([=](T x) { return x * ramp(x); },
                  [](T x) { return x <= T{-3} ? T{0}
                                   : x < T{3} ? x / T{3} + T{0.5}
                                              : T{1}; });
  }
}

}  // namespace detail

/// y[i] = a(x[i]); leak: leaky_relu's slope below 0, above 0 itself. NaN stays NaN. y may be x.
template <class T>
void activation_forward(activation a, double leak, std::size_t size, const T* x, T* y) {
  detail::with_activation(a, static_cast<T>(leak), [&](auto value, auto) {
    for (std::size_t i = 0; i < size; ++i) y[i] = value(x[i]);
  });
}

/// dx[i] = a'(x[i]) dy[i]. kept: y where from_output(a), else x. dx may be dy.
template <class T>
void activation_backward(activation a, double leak, std::size_t size, const T* kept, const T* dy, T* dx) {
  detail::with_activation(a, static_cast<T>(leak), [&](auto, auto slope) {
    for (std::size_t i = 0; i < size; ++i) dx[i] = slope(kept[i]) * dy[i];
  });
}

}  // namespace flexdnn
