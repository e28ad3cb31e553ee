// SPDX-License-Identifier: MIT
// loops: how a repeat becomes loops over the steps of one round (bodies of builder).
#pragma once

#include "builder.hpp"

namespace flexdnn {

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
  const int outer = where_.size();
  where_.append(index_++);
  within<Block>();
  where_.shorten(outer);
  group_ = group::closed;
}

/// Every round so; what may not be repeated was told of when the network was lowered fused.
template <class Block>
constexpr void builder::all_unrolled(int count) {
  const int first_leaf = leaf_;
  for (int round = 0; round < count; ++round) {
    settle();
    leaf_ = first_leaf;
    unrolled<Block>();
  }
}

/// Rounds run as loops, but a round with an exit inside it is lowered by itself, and an exit between
/// two rounds parts the loop. A block whose result cannot stand where its input stood is lowered
/// twice in the loop's body, so that its maps alternate between two places and nothing is copied.
template <class Block>
constexpr void builder::repeat(int count) {
  settle();
  if (error.found()) return;
  if (count < 1) return fail({mistake_kind::bad_option, leaf_, extent(), extent()});
  if (as_written_) return all_unrolled<Block>(count);
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
      emit_loop<Block>(round, rolled);
    } else {
      rolled = 1;
      unrolled<Block>();
    }
    done += rolled;
  }
}

/// round: one of the rounds, lowered by itself. To lower every round for its cut points took GCC 3 of the 7 s
/// in which it lowered twelve networks of the zoo.
template <class Block>
constexpr void builder::emit_loop(const builder& round, int count) {
  for (const int held : held_) {  // the loop works in place: on a copy
    if (held == value_) {
      open_step({.role = layer_role::identity, .in = extent()}, extent());
      break;
    }
  }
  const int copies = round.in_place(round.value_) ? 1 : 2;
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
    const int outer = where_.size();
    where_.append_mark(copy);
    leaf_ = first_leaf;
    within<Block>();
    close_group();
    where_.shorten(outer);
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
  if (depth_ == 0 && exit_ < 0 && !round.cuts.empty()) {
    for (int r = 0; r < l.count * copies; ++r) {
      for (const cut_point& cut : round.cuts) {
        path where = where_;
        where.append(index_ + r);
        where.append_rest(cut.where, round.where_.size());
        cuts.push_back(
            {where, cut.out, trunk_macs + static_cast<std::uint64_t>(r) * round.trunk_macs_ + cut.macs});
      }
    }
    // The last of them is settled by what follows: an exit may be asked for there.
    last_path_ = cuts.back().where;
    cuts.pop_back();
    pending_ = true;
  }
  index_ += l.count * copies;
  if (count % copies == 1) {
    settle();
    leaf_ = first_leaf;
    unrolled<Block>();
  }
}

}  // namespace flexdnn
