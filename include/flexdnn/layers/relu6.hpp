// SPDX-License-Identifier: MIT
// relu6: rectified linear unit with a ceiling.
#pragma once

#include "../core/layer.hpp"
#include "../kernels/activate.hpp"

namespace flexdnn {

/// y = min(max(x, 0), 6); NaN stays NaN, as in PyTorch. MobileNet's activation. Shape unchanged.
struct relu6 {
  static constexpr std::string_view type_name = "relu6";
  static constexpr layer_role role = layer_role::activation;
  static constexpr shape output(shape in) { return in; }

  template <class V>
  static V apply(V x) {
    return clamp(x, 0.0F, 6.0F);
  }
};

}  // namespace flexdnn
