// SPDX-License-Identifier: MIT
// layout_target: another machine's layout of packed weights, for packing on this one.
#pragma once

#include "target.hpp"

namespace flexdnn {

/// A target to pack for, known by the channels of its panels, tile_of<Architecture>.panel(), and by whether
/// it has Winograd kernels: <8> for the scalar kernels, <8, true> for SSE2 and NEON, <16> for AVX2, <32> for
/// AVX-512. No engine runs on it: it has no kernels.
template <int Panel, bool Winograd = (Panel > tile_of<scalar>.panel())>
struct layout_target {
  static_assert(Panel > 0, "flexdnn: a panel has at least one channel");
  using element_type = float;
  using architecture = scalar;  // a program's table needs some kernel; packing calls none
  using executor_type = sequential;
  using layout = layout_target;
  static constexpr tile panel{.lanes = Panel, .vectors = 1, .pixels = 1, .winograd = Winograd};
  static constexpr int threads = 1;
};

}  // namespace flexdnn
