// SPDX-License-Identifier: MIT
// sgd: stochastic gradient descent with momentum, as PyTorch's SGD.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

namespace flexdnn {

/// g' = g + d p;  b = momentum b + g';  p -= r b, or with nesterov p -= r (g' + momentum b),
/// with learning rate r and decay d (added to the gradient, not decoupled).
struct sgd {
  double learning_rate = 0.1;
  double momentum = 0.0;
  bool nesterov = false;
  double weight_decay = 0.0;

  /// Numbers of state a parameter needs, zero before the first step.
  static constexpr std::size_t state_per_parameter = 1;

  /// One step; the step's number is not used. gradients and state (b) are as long as parameters.
  template <class T>
  void update(std::uint64_t /*step*/, std::span<T> parameters,
              std::type_identity_t<std::span<const T>> gradients,
              std::type_identity_t<std::span<T>> state) const {
    const T rate = static_cast<T>(learning_rate);
    const T keep = static_cast<T>(momentum);
    const T decay = static_cast<T>(weight_decay);
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      const T g = gradients[i] + decay * parameters[i];
      state[i] = keep * state[i] + g;
      parameters[i] -= rate * (nesterov ? g + keep * state[i] : state[i]);
    }
  }
};

}  // namespace flexdnn
