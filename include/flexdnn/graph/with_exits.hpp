// SPDX-License-Identifier: MIT
// with_exits: inserts exit branches into a plain backbone, from outside: the insertion plan.
#pragma once

#include "exit_branch.hpp"
#include "network.hpp"

namespace flexdnn {

/// An exit branch after cut point number Cut (1 is after the first fused group; describe prints them).
template <int Cut, class Branch>
struct at {
  static constexpr int cut = Cut;
  using branch = Branch;
};

namespace detail {

template <class Backbone, class... Places>
struct with_exits_body {
  static constexpr bool is_composite = true;
  static constexpr bool names_itself = false;
  static constexpr shape frame = Backbone::frame;
  using parts = type_list<Backbone, typename Places::branch...>;

  static constexpr void lower(builder& b) { Backbone::lower(b); }

  /// Tells the builder where exits are wanted, and where their layers stand in the flat list.
  static constexpr void ask(builder& b) {
    if constexpr (requires { Backbone::ask(b); }) Backbone::ask(b);
    [[maybe_unused]] int leaves = static_cast<int>(leaves_of<Backbone>::size);
    [[maybe_unused]] const int in_order[] = {0, (ask_at<Places>(b, leaves), 0)...};
  }

 private:
  template <class Place>
  static constexpr void ask_at(builder& b, int& leaves) {
    using branch = typename Place::branch;
    if constexpr (requires { branch::is_exit; }) {
      b.insertions.push_back({Place::cut, &branch::lower_at, leaves});
    } else {
      b.fail({mistake_kind::not_an_exit_branch, leaves, b.extent(), b.extent()});
    }
    leaves += static_cast<int>(leaves_of<branch>::size);
  }
};

}  // namespace detail

/// The backbone with a branch at each place, inside a repeat too: the loop is parted there. The trunk's
/// parameters keep their names and offsets. at<> may come in any order.
template <class Backbone, class... Places>
struct with_exits : detail::with_exits_body<Backbone, Places...> {
  using body = detail::with_exits_body<Backbone, Places...>;
  using backbone = Backbone;
  static constexpr int exit_count = static_cast<int>(detail::examined<body>.exits);
  static_assert(detail::passes<body, detail::examined<body>.error>());
};

}  // namespace flexdnn
