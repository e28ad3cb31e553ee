// SPDX-License-Identifier: MIT
// target: what a network is compiled for: element type, architecture, threads.
#pragma once

#include "../kernels/architecture.hpp"
#include "executor.hpp"

namespace flexdnn {

/// How sums may be rearranged: `fast` allows Winograd's transforms (relative L2 error up to 4e-6 a layer,
/// packed weights up to 4 times larger), `exact` adds the products of the definition.
struct fast {
  static constexpr tile apply(tile t) { return t; }
};
struct exact {
  static constexpr tile apply(tile t) {
    t.winograd = false;
    return t;
  }
};

/// A processor, and who runs on it. The packed layout depends on `panel` alone, Winograd or not included, so
/// that one machine packs for another, and one thread for several.
template <class Architecture, class Precision = fast, executor Executor = sequential>
struct cpu {
  using element_type = float;
  using architecture = Architecture;
  using executor_type = Executor;
  using layout = cpu<Architecture, Precision>;  ///< the target whose packed weights serve
  static constexpr tile panel = Precision::apply(tile_of<Architecture>);
  static constexpr int threads = Executor::threads;
};

/// What this translation unit is compiled for.
using native_target = cpu<native>;
using exact_target = cpu<native, exact>;

}  // namespace flexdnn
