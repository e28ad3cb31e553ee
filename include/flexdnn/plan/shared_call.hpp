// SPDX-License-Identifier: MIT
// shared_call: one fused step in shares that several threads compute at once, where that pays.
#pragma once

#include "division.hpp"
#include "kernel_call.hpp"

namespace flexdnn {

/// A share of a step, by its number.
using share_call = void (*)(const operands&, int share) noexcept;

/// A general layer whose output rows can be computed apart: x and y are the whole maps.
template <class Layer>
concept has_rows = requires(shape in, const float* read, float* write) {
  Layer::run_rows(in, range{0, 1}, read, read, write, write);
};

/// The parameters are kernel_call's.
template <class Lead, class Activation, shape In, class Arch, wiring Wiring, int Shares>
class shared_call {
  static constexpr bool linear = [] {
    if constexpr (std::is_void_v<Lead>) {
      return false;
    } else {
      return Lead::role == layer_role::linear;
    }
  }();

  static constexpr axis by = [] {
    if constexpr (linear) {
      return divide(wired<Lead, In, Wiring>, tile_of<Arch>, Shares);
    } else {
      return axis::none;
    }
  }();

 public:
  /// Whether the threads are done a fork's time sooner than one alone. Steps that multiply no weights write
  /// about a float a cycle.
  static constexpr bool pays = [] {
    constexpr double saved = 1.0 - 1.0 / Shares;
    if constexpr (linear) {
      return by != axis::none;
    } else if constexpr (pixel_wise<Lead>()) {
      return saved * static_cast<double>(In.size()) > fork_cycles;
    } else if constexpr (has_rows<Lead>) {
      return saved * static_cast<double>(Lead::output(In).size()) > fork_cycles;
    } else {
      return false;
    }
  }();

  /// Floats that each share has for itself, in whole cache lines.
  static constexpr std::size_t scratch = [] {
    if constexpr (linear) {
      return share_scratch(wired<Lead, In, Wiring>, tile_of<Arch>, by, Shares);
    } else if constexpr (pixel_wise<Lead>()) {
      return std::size_t{0};
    } else {
      return (scratch_of<Lead>(In) + 15) / 16 * 16;
    }
  }();

  static void run(const operands& o, int share) noexcept {
    float* const own = o.scratch + static_cast<std::size_t>(share) * scratch;
    if constexpr (linear) {
      constexpr convolution c = wired<Lead, In, Wiring>;
      const part<convolution> p = share_of(c, tile_of<Arch>, by, share, Shares);
      if (p.geometry.out.size() == 0) return;
      convolve_part<Activation, c>(p.geometry, o.in + p.in, o.packed + p.packed,
                                   o.residual != nullptr ? o.residual + p.out : nullptr, o.out + p.out, own,
                                   Arch{});
    } else if constexpr (pixel_wise<Lead>()) {
      pixel_call<Lead, Activation, In, Wiring>(o, portion(In.pixels(), share, Shares));
    } else {
      Lead::run_rows(In, portion(Lead::output(In).height, share, Shares), o.in, o.packed, o.out, own);
    }
  }
};

}  // namespace flexdnn
