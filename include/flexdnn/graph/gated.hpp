// SPDX-License-Identifier: MIT
// gated: a map times what a small network makes of it (squeeze-and-excitation, attention).
#pragma once

#include "sequence.hpp"

namespace flexdnn {

/// y[c,r,q] = x[c,r,q] Gate(x)[c] where Gate gives a vector {C, 1, 1}, or element by element where it gives
/// x's shape. Gate's parts are named as children of the block, as a residual's body.
template <class Gate>
struct gated {
  static constexpr bool is_composite = true;
  static constexpr bool names_itself = false;
  using parts = type_list<Gate>;

  static constexpr void lower(builder& b) {
    b.enter_block();
    const int input = b.value();
    b.within<Gate>();
    const int gate = b.value();
    b.set_value(input);
    b.multiply(gate);
    b.leave_block();
  }
};

}  // namespace flexdnn
