// SPDX-License-Identifier: MIT
// target: what a network is compiled for: element type, architecture, threads.
#pragma once

#include "../kernels/architecture.hpp"

namespace flexdnn {

/// A processor. The packed layout depends on panel alone, so that one machine packs for another.
template <class Architecture>
struct cpu {
  using element_type = float;
  using architecture = Architecture;
  static constexpr tile panel = tile_of<Architecture>;
  static constexpr int threads = 1;
};

/// What this translation unit is compiled for.
using native_target = cpu<native>;

}  // namespace flexdnn
