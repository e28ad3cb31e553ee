// SPDX-License-Identifier: MIT
// parallel: branches that read the same map, their outputs side by side in the channels.
#pragma once

#include "sequence.hpp"

namespace flexdnn {

/// y = concat(Branch_1(x), Branch_2(x), ...) along the channels, in order (Inception, SqueezeNet); the
/// branches agree in height and width. sequence<> is the branch that passes x on. Named by position, or
/// named<>. Shape {sum C_i, H, W}. A branch that ends in a convolution writes its channels in place, others
/// are copied.
template <class First, class... Rest>
struct parallel {
  static constexpr bool is_composite = true;
  static constexpr bool names_itself = false;
  using parts = type_list<First, Rest...>;

  static constexpr void lower(builder& b) {
    b.enter_block();
    auto joined = b.open_concatenation();
    const int input = b.value();
    branch<First>(b, joined, input);
    [[maybe_unused]] const int in_order[] = {0, (branch<Rest>(b, joined, input), 0)...};
    b.close(joined);
    b.leave_block();
  }

 private:
  template <class Branch>
  static constexpr void branch(builder& b, builder::concatenation& joined, int input) {
    b.set_value(input);
    b.child<Branch>();
    b.append_to(joined, input);
  }
};

}  // namespace flexdnn
