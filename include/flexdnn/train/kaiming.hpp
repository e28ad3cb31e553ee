// SPDX-License-Identifier: MIT
// kaiming: initial weights of a linear layer, as PyTorch's layers and torch.nn.init draw them.
#pragma once

#include <cmath>
#include <span>

#include "../kernels/convolution.hpp"
#include "random_generator.hpp"

namespace flexdnn {

/// Uniform in [-b, b), b = 1 / sqrt(fan_in), fan_in = taps(): what PyTorch's Conv2d and Linear draw for the
/// weights (kaiming_uniform_ with a = sqrt(5)) and for the bias of the layer.
template <class T>
void kaiming_uniform(const convolution& c, random_generator& random, std::span<T> values) {
  const double bound = 1.0 / std::sqrt(static_cast<double>(c.taps()));
  for (T& value : values) value = static_cast<T>(bound * (2.0 * random.uniform() - 1.0));
}

/// Normal with mean 0 and deviation sqrt(2 / fan_out), fan_out = O kH kW: kaiming_normal_ with fan_out and
/// relu, the usual choice of residual networks (He et al. 2015). PyTorch's fan_out ignores groups; so does
/// this.
template <class T>
void kaiming_normal(const convolution& c, random_generator& random, std::span<T> values) {
  const double fan = static_cast<double>(c.out.channels) * c.kernel_h * c.kernel_w;
  const double deviation = std::sqrt(2.0 / fan);
  for (T& value : values) value = static_cast<T>(deviation * random.normal());
}

}  // namespace flexdnn
