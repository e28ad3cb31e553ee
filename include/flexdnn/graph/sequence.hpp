// SPDX-License-Identifier: MIT
// sequence: layers one after the other (PyTorch's Sequential).
#pragma once

#include "builder.hpp"

namespace flexdnn {

/// y = L_n(... L_1(x)). Parameters are named by position: "0.weight", "1.running_mean".
template <class... Layers>
struct sequence {
  static constexpr bool is_composite = true;
  static constexpr bool names_itself = false;
  using parts = type_list<Layers...>;

  static constexpr void lower(builder& b) {
    [[maybe_unused]] const int in_order[] = {0, (b.child<Layers>(), 0)...};
  }
};

namespace detail {

template <class First, class... Rest>
struct one_or_sequence {
  using type = sequence<First, Rest...>;
};

// A composite alone stands for itself; a single layer or a repeat still counts as the only child.
template <class Only>
struct one_or_sequence<Only> {
  using type = Only;
};

}  // namespace detail

}  // namespace flexdnn
