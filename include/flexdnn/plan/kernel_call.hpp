// SPDX-License-Identifier: MIT
// kernel_call: one fused step as a function, shared by all steps with the same layers and shape.
#pragma once

#include "../graph/node.hpp"
#include "../kernels/convolve.hpp"
#include "../kernels/part.hpp"

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

/// The convolution that a linear step is, joined to its neighbours.
template <class Lead, shape In, wiring Wiring>
inline constexpr convolution wired = [] {
  convolution joined = computed(Lead::geometry(In), Wiring.computed);
  joined.pitch = Wiring.pitch;
  joined.streamed = Wiring.streamed;
  return joined;
}();

/// Whether a step makes each pixel of the same pixel of its operands.
template <class Lead>
[[nodiscard]] consteval bool pixel_wise() {
  if constexpr (std::is_void_v<Lead>) {
    return true;
  } else {
    return Lead::role == layer_role::channel_affine || Lead::role == layer_role::activation;
  }
}

/// Some pixels of such a step on maps of In. Inlined: kernel_call knows how many.
template <class Lead, class Activation, shape In, wiring Wiring>
[[gnu::always_inline]] inline void pixel_call(const operands& o, range pixels) noexcept {
  const std::ptrdiff_t at = static_cast<std::ptrdiff_t>(pixels.first) * In.channels;
  const std::size_t n = shape{In.channels, pixels.size(), 1}.size();
  const float* const in = o.in + at;
  if constexpr (Wiring.pitch > 0) {
    place_channels(In.channels, pixels.size(), in, Wiring.pitch,
                   o.out + static_cast<std::ptrdiff_t>(pixels.first) * Wiring.pitch);
  } else if constexpr (!std::is_void_v<Lead>) {
    if constexpr (Lead::role == layer_role::channel_affine) {
      scale_shift<Activation>(In.channels, pixels.size(), in, o.packed, o.packed + In.channels, o.out + at);
    } else {
      activate<Lead>(n, in, o.out + at);
    }
  } else if constexpr (Wiring.how == joint::scale) {
    scale<Activation>(In.channels, pixels.size(), in, o.residual, o.out + at);
  } else if constexpr (Wiring.how == joint::multiply) {
    multiply<Activation>(n, in, o.residual + at, o.out + at);
  } else if (o.residual != nullptr) {
    add<Activation>(n, in, o.residual + at, o.out + at);
  } else {
    activate<Activation>(n, in, o.out + at);
  }
}

/// Lead (a layer, or void: only a joint or a copy), its activation (a layer or identity), the input's shape
/// and the wiring say all that a kernel needs: a block that a network repeats is compiled once.
template <class Lead, class Activation, shape In, class Arch, wiring Wiring = wiring{}>
void kernel_call(const operands& o) noexcept {
  if constexpr (pixel_wise<Lead>()) {
    pixel_call<Lead, Activation, In, Wiring>(o, {0, In.pixels()});
  } else if constexpr (Lead::role == layer_role::linear) {
    convolve_constant<Activation, wired<Lead, In, Wiring>>(o.in, o.packed, o.residual, o.out, o.scratch,
                                                           Arch{});
  } else {
    Lead::run(In, o.in, o.packed, o.out, o.scratch);
  }
}

/// Several steps by rows, as Chain computes them (see row_chain).
template <class Chain>
void chain_call(const operands& o) noexcept {
  Chain::run(o.in, o.packed, o.residual, o.out, o.scratch);
}

#ifdef __clang__
#pragma clang diagnostic pop
#endif

}  // namespace flexdnn
