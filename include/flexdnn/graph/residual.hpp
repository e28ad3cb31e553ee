// SPDX-License-Identifier: MIT
// residual: a body and a shortcut around it, added.
#pragma once

#include <type_traits>

#include "sequence.hpp"

namespace flexdnn {

/// Stands for "nothing": the identity shortcut, no activation.
struct none {};

/// y = After(Body(x) + Shortcut(x)). The two sides must agree in shape; the shortcut defaults to x itself.
/// The body's parts are named as children of the block, the shortcut's under "shortcut" (or its own named<>).
/// The shortcut is computed first, so that the addition is part of the body's last kernel call.
template <class Body, class Shortcut = none, class After = none>
struct residual {
  static constexpr bool is_composite = true;
  static constexpr bool names_itself = false;
  using parts =
      join<std::conditional_t<std::is_same_v<Shortcut, none>, type_list<>, type_list<Shortcut>>,
           type_list<Body>, std::conditional_t<std::is_same_v<After, none>, type_list<>, type_list<After>>>;

  static constexpr void lower(builder& b) {
    b.enter_block();
    const int input = b.value();
    int side = input;
    if constexpr (!std::is_same_v<Shortcut, none>) {
      if constexpr (detail::has_own_name<Shortcut>) {
        b.within<Shortcut>();
      } else {
        b.scope<Shortcut>("shortcut");
      }
      side = b.value();
      b.set_value(input);
    }
    b.within<Body>();
    b.add(side);
    if constexpr (!std::is_same_v<After, none>) b.within<After>();
    b.leave_block();
  }
};

}  // namespace flexdnn
