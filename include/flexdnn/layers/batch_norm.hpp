// SPDX-License-Identifier: MIT
// batch_norm: normalisation by running statistics (PyTorch's BatchNorm1d and 2d at inference).
#pragma once

#include <ratio>

#include "../core/layer.hpp"

namespace flexdnn {

/// y = weight * (x - running_mean) / sqrt(running_var + Epsilon) + bias, per channel. Shape unchanged.
/// Folded into the linear layer before it, if there is one. 4*C numbers in files, no MACs.
template <class Epsilon>
struct basic_batch_norm {
  static constexpr std::string_view type_name = "batch_norm";
  static constexpr layer_role role = layer_role::channel_affine;
  static constexpr double epsilon = static_cast<double>(Epsilon::num) / static_cast<double>(Epsilon::den);

  static constexpr shape output(shape in) { return in; }

  static constexpr auto parameters(shape in) {
    return std::array{parameter{"weight", {in.channels}, 1}, parameter{"bias", {in.channels}, 1},
                      parameter{"running_mean", {in.channels}, 1, true},
                      parameter{"running_var", {in.channels}, 1, true}};
  }
};

/// PyTorch's default, epsilon 1e-5. Others: basic_batch_norm<std::milli>.
struct batch_norm : basic_batch_norm<std::ratio<1, 100'000>> {};

}  // namespace flexdnn
