// SPDX-License-Identifier: MIT
// dropout: zeroes features at random while training; identity at inference.
#pragma once

#include <ratio>

#include "../core/layer.hpp"

namespace flexdnn {

/// y = x at inference: no step, no memory. Probability is what training uses.
template <class Probability = std::ratio<1, 2>>
struct dropout {
  static_assert(Probability::num >= 0 && Probability::num < Probability::den,
                "flexdnn: a dropout probability is at least 0 and below 1");
  static constexpr std::string_view type_name = "dropout";
  static constexpr layer_role role = layer_role::identity;
  static constexpr double probability =
      static_cast<double>(Probability::num) / static_cast<double>(Probability::den);
  static constexpr shape output(shape in) { return in; }
};

}  // namespace flexdnn
