// SPDX-License-Identifier: MIT
// lower: how a layer, a concatenation and a whole network become records (bodies of builder).
#pragma once

#include "loops.hpp"

namespace flexdnn {

namespace detail {

template <class Type>
struct leaves {
  using type = type_list<Type>;
};

template <class List>
struct leaves_of_each;

template <class... Types>
struct leaves_of_each<type_list<Types...>> {
  using type = join<typename leaves<Types>::type...>;
};

template <composite Type>
struct leaves<Type> : leaves_of_each<typename Type::parts> {};

}  // namespace detail

/// The layers of a composition in the order in which they are lowered, each written layer once.
template <class Type>
using leaves_of = typename detail::leaves<Type>::type;

template <class Layer>
constexpr void builder::leaf() {
  const int index = leaf_++;
  if (error.found()) return;
  if constexpr (!layer<Layer>) {
    fail({mistake_kind::not_a_layer, index, extent(), extent()});
  } else if constexpr (!has_kernel<Layer>) {
    fail({mistake_kind::cannot_run, index, extent(), extent()});
  } else {
    const shape in = extent();
    layer_role role = Layer::role;
    if constexpr (requires { Layer::is_identity(in); }) {
      if (Layer::is_identity(in)) role = layer_role::identity;
    }
    if (!joins(role)) settle();
    if (mistake m = examine<Layer>(in); m.found()) {
      m.layer = index;
      fail(m);
    }
    if (where_.too_long()) fail({mistake_kind::name_too_long, index, in, in});
    if (error.found()) return;
    std::size_t parameters = 0;
    for (const parameter& p : parameters_of<Layer>(in)) parameters += p.size();
    const shape out = Layer::output(in);
    constexpr bool probabilities = requires { Layer::gives_probabilities; };
    place({.lead = index,
           .role = role,
           .in = in,
           .lead_weights = weights(),
           .parameters = parameters,
           .scratch = scratch_of<Layer>(in)},
          out);
    nodes.push_back({.leaf = index,
                     .role = role,
                     .type_name = Layer::type_name,
                     .where = where_,
                     .in = in,
                     .out = out,
                     .macs = macs_of<Layer>(in),
                     .weights = weights(),
                     .parameters = parameters,
                     .loop = loop_,
                     .exit = exit_,
                     .step = role == layer_role::identity ? -1 : step_count() - 1,
                     .probabilities = probabilities});
    weights() += parameters;
    macs_ += nodes.back().macs;
    if (exit_ < 0) trunk_macs_ += nodes.back().macs;
  }
}

constexpr void builder::multiply(int gate) {
  if (error.found()) return;
  const shape factors = values[static_cast<std::size_t>(gate)], vector{extent().channels, 1, 1};
  if (factors != vector && factors != extent())
    return fail({mistake_kind::gate_differs, leaf_ - 1, factors, vector});
  open_step({.role = layer_role::general,
             .in = extent(),
             .residual = gate,
             .how = factors == extent() ? joint::multiply : joint::scale},
            extent());
  group_ = group::added;
  pending_ = true;
}

/// The current value becomes the next channels: written there by its own kernel where that is a linear one of
/// this branch, which needs no copy, or copied.
constexpr void builder::append_to(concatenation& c, int input) {
  if (error.found()) return;
  const shape part = extent();
  if (c.extent.channels > 0 && (part.height != c.extent.height || part.width != c.extent.width)) {
    return fail(
        {mistake_kind::branches_differ, leaf_ - 1, part, {part.channels, c.extent.height, c.extent.width}});
  }
  const bool direct = !as_written_ && value_ != input && !steps.empty() && steps.back().output == value_ &&
                      steps.back().role == layer_role::linear && steps.back().residual < 0 &&
                      steps.back().pitch == 0 && steps.back().loop == loop_;
  if (!direct) open_step({.role = layer_role::identity, .in = part}, part);
  steps.back().output = c.whole;
  steps.back().channel = c.extent.channels;
  c.extent = {c.extent.channels + part.channels, part.height, part.width};
}

constexpr void builder::close(const concatenation& c) {
  if (error.found()) return;
  for (std::size_t i = static_cast<std::size_t>(c.first_step); i < steps.size(); ++i) {
    if (steps[i].output == c.whole) steps[i].pitch = c.extent.channels;
  }
  values[static_cast<std::size_t>(c.whole)] = c.extent;
  set_value(c.whole);
  pending_ = true;
}

/// Puts a layer into the open group, or opens a step of its own.
constexpr void builder::place(step alone, shape out) {
  using enum layer_role;
  const bool opens = !joins(alone.role);
  if (opens || as_written_) open_step(alone, out);
  if (alone.role == identity) return;
  if (opens) {
    group_ = alone.role == linear           ? group::linear
             : alone.role == channel_affine ? group::affine_alone
                                            : group::closed;
  } else if (alone.role == channel_affine) {
    if (!as_written_) {
      steps.back().affine = alone.lead;
      steps.back().affine_weights = alone.lead_weights;
    }
    group_ = group::affine;
  } else {
    if (!as_written_) steps.back().activation = alone.lead;
    group_ = group::closed;
  }
  pending_ = true;
  if (depth_ == 0) last_path_ = where_;
}

/// The trunk's end is the final exit, unless an exit branch stands there; examines the exits together.
constexpr void builder::finish() {
  close_group();
  if (error.found()) return;
  const bool ends_in_exit = !exits.empty() && segment_ == step_count();
  if (!ends_in_exit) {
    if (extent().pixels() != 1 || steps.empty()) {
      return fail({mistake_kind::no_final_exit, leaf_ - 1, extent(), {extent().channels, 1, 1}});
    }
    refuse_probabilities();
    if (error.found()) return;
    exits.push_back({.name = "final",
                     .branch_first = step_count(),
                     .first = segment_,
                     .last = step_count(),
                     .input = value_,
                     .value = value_,
                     .scores = extent(),
                     .macs = macs_,
                     .trunk_macs = trunk_macs_});
  }
  for (std::size_t i = 0; i < exits.size(); ++i) {
    if (exits[i].scores != exits.back().scores) {
      return fail(
          {mistake_kind::class_counts_differ, static_cast<int>(i), exits[i].scores, exits.back().scores});
    }
    for (std::size_t j = 0; j < i; ++j) {
      if (exits[i].name == exits[j].name) {
        return fail(
            {mistake_kind::duplicate_exit_name, static_cast<int>(i), exits[i].scores, exits[j].scores});
      }
    }
  }
  for (const insertion& i : insertions) {
    if (!i.done) {
      return fail({mistake_kind::unknown_cut_point, i.cut, {i.cut}, {static_cast<int>(cuts.size())}});
    }
  }
  // Exits' weights follow the trunk's, so that adding an exit never moves a weight of the trunk.
  for (node& n : nodes) n.weights += n.exit >= 0 ? trunk_weights : 0;
  for (const exit_point& e : exits) {
    for (int i = e.branch_first; i < e.last; ++i) {
      steps[static_cast<std::size_t>(i)].lead_weights += trunk_weights;
      steps[static_cast<std::size_t>(i)].affine_weights += trunk_weights;
    }
  }
}

}  // namespace flexdnn
