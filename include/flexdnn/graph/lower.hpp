// SPDX-License-Identifier: MIT
// lower: how a layer, a repeat and a whole network become records (the bodies of builder).
#pragma once

#include "builder.hpp"

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
                     .step = role == layer_role::identity ? -1 : step_count() - 1});
    weights() += parameters;
    macs_ += nodes.back().macs;
    if (exit_ < 0) trunk_macs_ += nodes.back().macs;
  }
}

/// Puts a layer into the open group, or opens a step of its own.
constexpr void builder::place(step alone, shape out) {
  using enum layer_role;
  if (alone.role == identity) return;
  if (!joins(alone.role)) {
    open_step(alone, out);
    group_ = alone.role == linear           ? group::linear
             : alone.role == channel_affine ? group::affine_alone
                                            : group::closed;
  } else if (alone.role == channel_affine) {
    steps.back().affine = alone.lead;
    steps.back().affine_weights = alone.lead_weights;
    group_ = group::affine;
  } else {
    steps.back().activation = alone.lead;
    group_ = group::closed;
  }
  pending_ = true;
  if (depth_ == 0) last_path_ = where_;
}

/// One round of a repeated block, lowered by itself, to learn its cut points, cost and shape.
template <class Block>
constexpr builder builder::round_alone(int index) const {
  builder round(extent());
  round.where_ = where_;
  round.where_.append(index);
  round.leaf_ = leaf_;
  round.depth_ = exit_ >= 0 ? depth_ + 1 : depth_;
  round.held_.clear();
  round.within<Block>();
  round.settle();
  return round;
}

/// Whether value ends up in the memory of value 0 when every step that may works in place.
constexpr bool builder::in_place(int value) const {
  for (auto l = loops.rbegin(); l != loops.rend(); ++l) {
    if (l->carried_out == value) return in_place(l->carried_in);
  }
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (steps[i].output != value) continue;
    const int operand = steps[i].overwrites([&](int v) {
      for (std::size_t j = i + 1; j < steps.size(); ++j) {
        if (steps[j].input == v || steps[j].residual == v) return false;
      }
      return true;
    });
    return operand >= 0 && in_place(operand);
  }
  return value == 0;
}

/// Number of the first cut point asked for that is still to come; a huge number if none is.
constexpr int builder::next_cut_asked() const {
  int found = 1 << 30;
  for (const insertion& i : insertions) {
    if (i.cut > static_cast<int>(cuts.size()) && i.cut < found) found = i.cut;
  }
  return found;
}

/// One round in its own steps, named as a loop would name it.
template <class Block>
constexpr void builder::unrolled() {
  const path outer = where_;
  where_.append(index_++);
  within<Block>();
  where_ = outer;
  group_ = group::closed;
}

/// Rounds run as loops, but a round with an exit inside it is lowered by itself, and an exit between
/// two rounds parts the loop. A block whose result cannot stand where its input stood is lowered
/// twice in the loop's body, so that its maps alternate between two places and nothing is copied.
template <class Block>
constexpr void builder::repeat(int count) {
  settle();
  if (error.found()) return;
  if (count < 1) return fail({mistake_kind::bad_option, leaf_, extent(), extent()});
  const builder round = round_alone<Block>(index_);
  if (round.error.found()) return fail(round.error);
  if (!round.exits.empty()) return fail({mistake_kind::exit_inside_block, leaf_, extent(), extent()});
  if (round.extent() != extent()) {
    return fail({mistake_kind::repeat_changes_shape, round.leaf_ - 1, round.extent(), extent()});
  }
  const int cuts_a_round = static_cast<int>(round.cuts.size());
  const int first_leaf = leaf_;
  for (int done = 0; done < count && !error.found();) {
    settle();
    leaf_ = first_leaf;
    int rolled = count - done;
    if (cuts_a_round > 0 && exit_ < 0) {
      const int rounds = (next_cut_asked() - static_cast<int>(cuts.size())) / cuts_a_round;
      rolled = rounds < rolled ? rounds : rolled;
    }
    if (rolled > 1) {
      emit_loop<Block>(rolled);
    } else {
      rolled = 1;
      unrolled<Block>();
    }
    done += rolled;
  }
}

template <class Block>
constexpr void builder::emit_loop(int count) {
  for (const int held : held_) {  // the loop works in place: on a copy
    if (held == value_) {
      open_step({.role = layer_role::identity, .in = extent()}, extent());
      break;
    }
  }
  const builder alone = round_alone<Block>(index_);
  const int copies = alone.in_place(alone.value_) ? 1 : 2;
  const int id = static_cast<int>(loops.size());
  const int first_leaf = leaf_;
  const std::uint64_t macs = macs_, trunk_macs = trunk_macs_;
  const std::size_t first_weight = weights();
  loops.push_back({.first = step_count(),
                   .count = count / copies,
                   .parent = loop_,
                   .first_index = index_,
                   .stride = copies,
                   .carried_in = value_});
  loop_ = id;
  ++depth_;
  for (int copy = 0; copy < copies; ++copy) {
    const path outer = where_;
    where_.append_mark(copy);
    leaf_ = first_leaf;
    within<Block>();
    close_group();
    where_ = outer;
  }
  --depth_;
  loop& l = loops[static_cast<std::size_t>(id)];
  loop_ = l.parent;
  l.last = step_count();
  l.carried_out = value_;
  l.weight_stride = weights() - first_weight;
  const auto rounds = static_cast<std::uint64_t>(l.count);
  weights() = first_weight + l.weight_stride * static_cast<std::size_t>(l.count);
  macs_ = macs + (macs_ - macs) * rounds;
  trunk_macs_ = trunk_macs + (trunk_macs_ - trunk_macs) * rounds;
  if (depth_ == 0 && exit_ < 0) {
    for (int r = 0; r < l.count * copies; ++r) {
      const builder round = round_alone<Block>(index_ + r);
      for (cut_point cut : round.cuts) {
        cut.macs += trunk_macs + static_cast<std::uint64_t>(r) * round.trunk_macs_;
        cuts.push_back(cut);
      }
      last_path_ = round.last_path_;
    }
    // The last of them is settled by what follows: an exit may be asked for there.
    if (!alone.cuts.empty()) cuts.pop_back();
    pending_ = !alone.cuts.empty();
  }
  index_ += l.count * copies;
  if (count % copies == 1) {
    settle();
    leaf_ = first_leaf;
    unrolled<Block>();
  }
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
