// SPDX-License-Identifier: MIT
// diagnosis: every sentence that a wrongly composed network gives at compile time.
#pragma once

#include <cstdint>

#include "shape.hpp"

namespace flexdnn {

enum class mistake_kind : std::uint8_t {
  none,
  not_a_layer,
  cannot_run,
  unknown_option,
  bad_option,
  not_a_vector,
  kernel_exceeds_input,
  groups_do_not_divide,
  input_refused,
  residual_sides_differ,
  branches_differ,
  gate_differs,
  repeat_changes_shape,
  exit_inside_block,
  exit_not_scores,
  exit_gives_probabilities,
  no_final_exit,
  class_counts_differ,
  duplicate_exit_name,
  unknown_cut_point,
  not_an_exit_branch,
  name_too_long,
};

/// The first thing wrong with a network: the layer's index (the row that describe prints), the
/// shape it got and the one it wanted. For a cut point: its number and how many there are.
struct mistake {
  mistake_kind kind = mistake_kind::none;
  int layer = -1;
  shape got{};
  shape wanted{};

  [[nodiscard]] constexpr bool found() const { return kind != mistake_kind::none; }
  friend constexpr bool operator==(const mistake&, const mistake&) = default;
};

// Words that compilers print around the numbers.
template <int Index>
struct at_layer;
template <int Index>
struct at_exit;
template <int Number>
struct at_cut_point;
template <int Count>
struct cut_points;
template <shape Shape>
struct got;
template <shape Shape>
struct wanted;

/// Fails to compile with one sentence; the compiler's next line names layer, type and shapes. A function:
/// Clang takes a class with a failed assertion for incomplete, and says so in a second error.
template <mistake_kind Kind, class... Where>
consteval bool diagnosis() {
  using enum mistake_kind;
  static_assert(
      Kind != not_a_layer,
      "flexdnn: this is not a layer: it needs type_name, role and output(shape), or lower(builder)");
  static_assert(
      Kind != cannot_run,
      "flexdnn: this layer has no kernel: role general needs "
      "run(shape, const float* x, const float* weights, float* y, float* scratch), activation apply(V)");
  static_assert(Kind != unknown_option, "flexdnn: this layer does not take one of its options");
  static_assert(Kind != bad_option, "flexdnn: an option of this layer is out of range");
  static_assert(Kind != not_a_vector,
                "flexdnn: this layer takes a vector: put flatten or global_average_pool before it");
  static_assert(Kind != kernel_exceeds_input, "flexdnn: the kernel is larger than its padded input");
  static_assert(Kind != groups_do_not_divide, "flexdnn: groups do not divide the channels, in or out");
  static_assert(Kind != input_refused, "flexdnn: this layer refuses the shape of its input");
  static_assert(Kind != residual_sides_differ, "flexdnn: the two sides of a residual differ in shape");
  static_assert(Kind != branches_differ, "flexdnn: the branches of a parallel differ in height or width");
  static_assert(
      Kind != gate_differs,
      "flexdnn: a gate must give one factor for each channel, or for each element, of what it gates");
  static_assert(Kind != repeat_changes_shape, "flexdnn: a repeated block must keep its input's shape");
  static_assert(Kind != exit_inside_block,
                "flexdnn: an exit cannot stand inside a residual or a repeat, a parallel or a gate; "
                "insert it from outside with with_exits and at<>");
  static_assert(Kind != exit_not_scores, "flexdnn: an exit branch must end in a vector of class scores");
  static_assert(
      Kind != exit_gives_probabilities,
      "flexdnn: an exit ends in class scores: leave the softmax out, the engine gives probabilities");
  static_assert(Kind != no_final_exit,
                "flexdnn: the network has no final exit: end it with a dense layer "
                "of class scores or an exit_branch");
  static_assert(Kind != class_counts_differ, "flexdnn: the exits differ in their number of classes");
  static_assert(Kind != duplicate_exit_name, "flexdnn: two exits have the same name");
  static_assert(Kind != unknown_cut_point, "flexdnn: there is no such cut point; describe prints them");
  static_assert(Kind != not_an_exit_branch, "flexdnn: at<> takes an exit_branch");
  static_assert(Kind != name_too_long, "flexdnn: the path of a parameter is longer than 63 characters");
  return true;
}

/// Door of the engine: thresholds must be as many as the exits before the final one.
template <int Given, int Wanted>
consteval bool threshold_count() {
  static_assert(Given == Wanted, "flexdnn: wrong number of thresholds: one for each exit but the last");
  return true;
}

/// Door of the engine: kernels must read panels as wide as the target packs.
template <int Packed, int Read>
consteval bool panel_width() {
  static_assert(Packed == Read,
                "flexdnn: this target is only packed for: it has no kernels that read its panels");
  return true;
}

}  // namespace flexdnn
