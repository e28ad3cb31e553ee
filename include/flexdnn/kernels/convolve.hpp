// SPDX-License-Identifier: MIT
// convolve: every linear layer's forward pass (convolution, depthwise, dense), for any architecture.
#pragma once

#include "activate.hpp"
#include "architecture.hpp"
#include "convolution.hpp"
#include "scalar/convolve.hpp"
#include "scalar/winograd.hpp"

#ifndef FLEXDNN_NO_SIMD
#include "simd/convolve.hpp"
#include "simd/depthwise_rows.hpp"
#include "simd/winograd.hpp"
#endif

namespace flexdnn {

/// y = f(conv(x) + bias + residual), as convolution defines conv; f is the activation.
/// `in`, `out` and `residual` (shape c.out, or nullptr) are channels last; `packed` comes from pack with
/// tile_of<Arch>; `scratch` holds scratch_size(c, tile_of<Arch>) floats. How is c.how, Ahead c.streamed. No
/// pointer needs alignment. `out` may be `residual`, and overlaps nothing else. Cost: c.macs() multiply-adds;
/// no allocation.
template <class Activation, algorithm How = algorithm::direct, bool Ahead = false, class Arch>
void convolve(const convolution& c, const float* in, const float* packed, const float* residual, float* out,
              float* scratch, Arch architecture) noexcept {
  if constexpr (How != algorithm::direct) {
    detail::winograd<Activation, tile_outputs(How), Ahead>(c, in, packed, residual, out, scratch,
                                                           architecture);
  } else if (c.depthwise()) {
    detail::depthwise<Activation>(c, in, packed, residual, out, architecture);
  } else {
    detail::convolve<Activation, Ahead>(c, in, packed, residual, out, scratch, architecture);
  }
}

/// The same for a convolution C that the compiler knows, or for part of it (see part.hpp), by whatever
/// algorithm C.how says.
template <class Activation, convolution C, class Arch>
void convolve_part(const convolution& part, const float* in, const float* packed, const float* residual,
                   float* out, float* scratch, Arch architecture) noexcept {
  if constexpr (C.how == algorithm::depthwise_rows) {
    detail::depthwise_rows<Activation, C>(part, in, packed, residual, out, architecture);
  } else {
    convolve<Activation, C.how, C.streamed>(part, in, packed, residual, out, scratch, architecture);
  }
}

/// All of it.
template <class Activation, convolution C, class Arch>
void convolve_constant(const float* in, const float* packed, const float* residual, float* out,
                       float* scratch, Arch architecture) noexcept {
  convolve_part<Activation, C>(C, in, packed, residual, out, scratch, architecture);
}

}  // namespace flexdnn
