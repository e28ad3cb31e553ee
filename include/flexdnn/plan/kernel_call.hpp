// SPDX-License-Identifier: MIT
// kernel_call: one fused step as a function, shared by all steps with the same layers and shape.
#pragma once

#include "../core/layer.hpp"
#include "../kernels/convolve.hpp"

namespace flexdnn {

/// Where one step reads and writes. residual is null where nothing is added.
struct operands {
  const float* in;
  const float* residual;
  const float* packed;
  float* out;
  float* scratch;
};

/// Lead (a layer, or void: only an addition), its activation (a layer or identity), and the input's
/// shape say all that a kernel needs: a block that a network repeats is compiled once.
template <class Lead, class Activation, shape In, class Arch>
void kernel_call(const operands& o) noexcept {
  if constexpr (std::is_void_v<Lead>) {
    if (o.residual != nullptr) {
      add<Activation>(In.size(), o.in, o.residual, o.out);
    } else {
      activate<Activation>(In.size(), o.in, o.out);
    }
  } else if constexpr (Lead::role == layer_role::linear) {
    convolve<Activation>(Lead::geometry(In), o.in, o.packed, o.residual, o.out, o.scratch, Arch{});
  } else if constexpr (Lead::role == layer_role::channel_affine) {
    scale_shift<Activation>(In.channels, In.pixels(), o.in, o.packed, o.packed + In.channels, o.out);
  } else if constexpr (Lead::role == layer_role::activation) {
    activate<Lead>(In.size(), o.in, o.out);
  } else {
    Lead::run(In, o.in, o.packed, o.out, o.scratch);
  }
}

}  // namespace flexdnn
