// SPDX-License-Identifier: MIT
// exit_branch: a small classifier on an intermediate feature map, where a frame may leave.
#pragma once

#include "../core/name.hpp"
#include "sequence.hpp"

namespace flexdnn {

/// Reads the trunk's present feature map, ends in a vector of class scores {classes, 1, 1}, and leaves
/// the feature map to the trunk. Written last in a network it is the final exit, which always answers.
/// Its parameters are named "exits.NAME....", after the trunk's, whose names and offsets never change.
template <name Name, class First, class... Rest>
struct exit_branch {
  static constexpr bool is_composite = true;
  static constexpr bool names_itself = true;
  static constexpr bool is_exit = true;
  using content = typename detail::one_or_sequence<First, Rest...>::type;
  using parts = type_list<content>;

  static constexpr void lower(builder& b) { lower_at(b, 0); }
  static constexpr void lower_at(builder& b, int cut) { b.exit_branch<content>(Name.view(), cut); }
};

}  // namespace flexdnn
