// SPDX-License-Identifier: MIT
// kernel_call: one fused step as a function, shared by all steps with the same layers and shape.
#pragma once

#include "../graph/node.hpp"
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

/// How a step is joined to its neighbours.
struct wiring {
  joint how = joint::add;
  int pitch = 0;  ///< floats from pixel to pixel of the output; 0: it is a map of its own
  algorithm computed = algorithm::direct;
  bool streamed = false;  ///< weights are fetched ahead
};

// Clang puts its complaint of a loop that it inlined here and did not vectorise (see activate.hpp) here too.
#ifdef __clang__
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wpass-failed"
#endif

/// Lead (a layer, or void: only a joint or a copy), its activation (a layer or identity), the input's shape
/// and the wiring say all that a kernel needs: a block that a network repeats is compiled once.
template <class Lead, class Activation, shape In, class Arch, wiring Wiring = wiring{}>
void kernel_call(const operands& o) noexcept {
  if constexpr (std::is_void_v<Lead>) {
    if constexpr (Wiring.pitch > 0) {
      place_channels(In.channels, In.pixels(), o.in, Wiring.pitch, o.out);
    } else if constexpr (Wiring.how == joint::scale) {
      scale<Activation>(In.channels, In.pixels(), o.in, o.residual, o.out);
    } else if constexpr (Wiring.how == joint::multiply) {
      multiply<Activation>(In.size(), o.in, o.residual, o.out);
    } else if (o.residual != nullptr) {
      add<Activation>(In.size(), o.in, o.residual, o.out);
    } else {
      activate<Activation>(In.size(), o.in, o.out);
    }
  } else if constexpr (Lead::role == layer_role::linear) {
    constexpr convolution c = [] {
      convolution joined = computed(Lead::geometry(In), Wiring.computed);
      joined.pitch = Wiring.pitch;
      joined.streamed = Wiring.streamed;
      return joined;
    }();
    convolve_constant<Activation, c>(o.in, o.packed, o.residual, o.out, o.scratch, Arch{});
  } else if constexpr (Lead::role == layer_role::channel_affine) {
    scale_shift<Activation>(In.channels, In.pixels(), o.in, o.packed, o.packed + In.channels, o.out);
  } else if constexpr (Lead::role == layer_role::activation) {
    activate<Lead>(In.size(), o.in, o.out);
  } else {
    Lead::run(In, o.in, o.packed, o.out, o.scratch);
  }
}

#ifdef __clang__
#pragma clang diagnostic pop
#endif

}  // namespace flexdnn
