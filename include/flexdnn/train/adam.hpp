// SPDX-License-Identifier: MIT
// adam: Adam with decoupled weight decay (PyTorch's Adam where weight_decay is 0, else its AdamW).
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

namespace flexdnn {

/// p -= r d p;  m += (1 - b1)(g - m);  v = b2 v + (1 - b2) g^2;
/// p -= r / (1 - b1^t) m / (sqrt(v) / sqrt(1 - b2^t) + epsilon),
/// with learning rate r, decay d, step t.  Kingma and Ba 2015; Loshchilov and Hutter 2019.
struct adam {
  double learning_rate = 1e-3;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double weight_decay = 0.0;

  /// Numbers of state a parameter needs, zero before the first step.
  static constexpr std::size_t state_per_parameter = 2;

  /// One step; `step` counts from 1. gradients: as long as parameters; state: state_per_parameter times as
  /// long (m, then v), the caller's, so that it can be saved and parts can be updated by different options.
  template <class T>
  void update(std::uint64_t step, std::span<T> parameters, std::type_identity_t<std::span<const T>> gradients,
              std::type_identity_t<std::span<T>> state) const {
    const double t = static_cast<double>(step);
    const T keep = static_cast<T>(1.0 - learning_rate * weight_decay);
    const T rate = static_cast<T>(learning_rate / (1.0 - std::pow(beta1, t)));
    const T correction = static_cast<T>(std::sqrt(1.0 - std::pow(beta2, t)));
    const T fresh1 = static_cast<T>(1.0 - beta1);
    const T fresh2 = static_cast<T>(1.0 - beta2);
    const T keep2 = static_cast<T>(beta2);
    const T tiny = static_cast<T>(epsilon);
    T* const mean = state.data();
    T* const square = state.data() + parameters.size();
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      const T g = gradients[i];
      mean[i] += fresh1 * (g - mean[i]);
      square[i] = keep2 * square[i] + fresh2 * (g * g);
      parameters[i] = keep * parameters[i] - rate * mean[i] / (std::sqrt(square[i]) / correction + tiny);
    }
  }
};

}  // namespace flexdnn
