// SPDX-License-Identifier: MIT
// builder: lowers a composition of layers to plain records, in one constant evaluation.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "../core/type_list.hpp"
#include "node.hpp"

namespace flexdnn {

/// A composite (sequence, repeat, residual, ...) writes itself into the builder.
template <class Type>
concept composite = requires {
  Type::is_composite;
};

namespace detail {

/// Composites that choose their own path component: named, repeat, exit_branch.
template <class Type>
inline constexpr bool has_own_name = [] {
  if constexpr (composite<Type>)
    return Type::names_itself;
  else
    return false;
}();

}  // namespace detail

class builder;

/// An exit that with_exits asks for at a cut point.
struct insertion {
  int cut = 0;
  void (*lower)(builder&, int cut) = nullptr;
  int leaves_before = 0;  ///< leaves of the backbone and of the branches before this one
  bool done = false;
};

/// Lowers layer by layer. Fusion is decided here, as layers arrive: a layer joins the open group, or
/// settles it, which makes a cut point of the trunk and inserts the exits asked for there.
class builder {
 public:
  explicit constexpr builder(shape input, lowering how = lowering::fused)
      : values{input}, as_written_(how == lowering::as_written), held_{0} {}

  // ---- the records ------------------------------------------------------------------------------
  std::vector<node> nodes;
  std::vector<step> steps;
  std::vector<loop> loops;
  std::vector<cut_point> cuts;
  std::vector<exit_point> exits;
  std::vector<shape> values;  ///< value 0 is the frame
  std::vector<insertion> insertions;
  std::size_t trunk_weights = 0, exit_weights = 0;
  mistake error{};

  /// Room for a network of so many layers, loops apart: vectors that grow are copied node by node.
  constexpr void reserve(std::size_t layers) {
    nodes.reserve(layers);
    steps.reserve(layers);
    values.reserve(layers + 1);
  }

  // ---- what composites call -------------------------------------------------------------------

  /// Lowers a child under its own path component: its index among its siblings.
  template <class Child>
  constexpr void child() {
    if constexpr (detail::has_own_name<Child>) {
      Child::lower(*this);
    } else {
      const int outer = where_.size();
      where_.append(index_++);
      within<Child>();
      where_.shorten(outer);
    }
  }

  /// Lowers a layer at the present path; children of a composite count from 0.
  template <class Layer>
  constexpr void within() {
    if constexpr (composite<Layer>) {
      const int outer = index_;
      index_ = 0;
      Layer::lower(*this);
      index_ = outer;
    } else {
      leaf<Layer>();
    }
  }

  /// Lowers under a path component given by name; an empty one adds nothing.
  template <class Layer>
  constexpr void scope(std::string_view component) {
    const int outer = where_.size();
    if (!component.empty()) where_.append(component);
    within<Layer>();
    where_.shorten(outer);
  }

  [[nodiscard]] constexpr int value() const { return value_; }
  [[nodiscard]] constexpr shape extent() const { return values[static_cast<std::size_t>(value_)]; }
  constexpr void set_value(int value) {
    close_group();
    value_ = value;
  }

  /// A block's inside has no cut points; its first layer starts a group of its own.
  /// The block's input is held: its shortcut still wants it when the body is done.
  constexpr void enter_block() {
    settle();
    ++depth_;
    held_.push_back(value_);
  }
  constexpr void leave_block() {
    --depth_;
    held_.pop_back();
    last_path_ = where_;
  }

  /// y = current + residual, in the group that computed the current value where that is open.
  constexpr void add(int residual) {
    if (error.found()) return;
    if (extent() != values[static_cast<std::size_t>(residual)]) {
      fail({mistake_kind::residual_sides_differ, leaf_ - 1, extent(),
            values[static_cast<std::size_t>(residual)]});
      return;
    }
    if ((group_ == group::linear || group_ == group::affine) && !as_written_) {
      steps.back().residual = residual;
    } else {
      open_step({.role = layer_role::general, .in = extent(), .residual = residual}, extent());
    }
    group_ = group::added;
    pending_ = true;
  }

  /// y = current value times gate: one factor for each channel, or for each element.
  constexpr void multiply(int gate);

  /// A map that branches write side by side; its channels are known when they have.
  struct concatenation {
    int whole = 0;       ///< its value
    int first_step = 0;  ///< of the branches
    shape extent{};
  };
  [[nodiscard]] constexpr concatenation open_concatenation() {
    values.push_back({});
    return {static_cast<int>(values.size()) - 1, step_count(), {}};
  }
  constexpr void append_to(concatenation& c, int input);
  constexpr void close(const concatenation& c);

  template <class Block>
  constexpr void repeat(int count);

  /// An exit branch reads the current value and leaves it to the trunk.
  template <class Branch>
  constexpr void exit_branch(std::string_view name, int cut) {
    if (error.found()) return;
    if (depth_ > 0 || exit_ >= 0) return fail({mistake_kind::exit_inside_block, leaf_, extent(), extent()});
    if (cut == 0) settle();
    const path outer_path = where_;
    const int outer_value = value_, outer_index = index_;
    const std::uint64_t before = macs_;
    exit_ = static_cast<int>(exits.size());
    exits.push_back({.name = name,
                     .branch_first = step_count(),
                     .first = segment_,
                     .input = value_,
                     .cut = cut,
                     .trunk_macs = trunk_macs_});
    where_ = {};
    where_.append("exits");
    where_.append(name);
    close_group();
    held_.push_back(value_);
    within<Branch>();
    held_.pop_back();
    exit_point& e = exits.back();
    e.last = step_count();
    e.value = value_;
    e.scores = extent();
    e.macs = macs_;
    e.branch_macs = macs_ - before;
    if (!error.found() && e.scores.pixels() != 1) {
      fail({mistake_kind::exit_not_scores, leaf_ - 1, e.scores, {e.scores.channels, 1, 1}});
    }
    refuse_probabilities();
    where_ = outer_path, value_ = outer_value, index_ = outer_index;
    exit_ = -1;
    segment_ = step_count();
    close_group();
  }

  constexpr void skip_leaves(int count) { leaf_ += count; }
  constexpr void finish();

  constexpr void fail(mistake m) {
    if (!error.found()) error = m;
  }

  [[nodiscard]] constexpr std::uint64_t trunk_macs() const { return trunk_macs_; }

 private:
  /// State of the group that is open: what it ends in, which says what may still join it.
  enum class group : std::uint8_t { closed, linear, affine, affine_alone, added };

  [[nodiscard]] constexpr int step_count() const { return static_cast<int>(steps.size()); }
  [[nodiscard]] constexpr std::size_t& weights() { return exit_ >= 0 ? exit_weights : trunk_weights; }

  constexpr void close_group() {
    group_ = group::closed;
    pending_ = false;
  }

  /// Whether a layer of this role joins the open group: the one rule of fusion.
  [[nodiscard]] constexpr bool joins(layer_role role) const {
    if (role == layer_role::identity) return true;
    if (role == layer_role::channel_affine) return group_ == group::linear;
    return role == layer_role::activation && group_ != group::closed;
  }

  /// Ends the open group; on the trunk this is a cut point, where the exits asked for are inserted.
  constexpr void settle() {
    if (error.found()) return;
    const bool cut_here = pending_ && depth_ == 0 && exit_ < 0;
    close_group();
    if (!cut_here) return;
    cuts.push_back({last_path_, extent(), trunk_macs_});
    const int number = static_cast<int>(cuts.size());
    for (std::size_t i = 0; i < insertions.size(); ++i) {
      if (insertions[i].cut != number) continue;
      insertions[i].done = true;
      const int outer_leaf = leaf_;
      leaf_ = insertions[i].leaves_before;
      insertions[i].lower(*this, number);
      leaf_ = outer_leaf;
    }
  }

  constexpr void open_step(step s, shape out) {
    s.out = out;
    s.input = value_;
    s.loop = loop_;
    values.push_back(out);
    value_ = s.output = static_cast<int>(values.size()) - 1;
    steps.push_back(s);
  }

  /// An exit ends in class scores: policies and the engine normalise them themselves.
  constexpr void refuse_probabilities() {
    if (!nodes.empty() && nodes.back().probabilities) {
      fail({mistake_kind::exit_gives_probabilities, leaf_ - 1, extent(), extent()});
    }
  }

  template <class Layer>
  constexpr void leaf();
  constexpr void place(step alone, shape out);
  template <class Block>
  constexpr void unrolled();
  template <class Block>
  constexpr void all_unrolled(int count);
  template <class Block>
  constexpr builder round_alone(int index) const;
  template <class Block>
  constexpr void emit_loop(const builder& round, int count);
  [[nodiscard]] constexpr bool in_place(int value) const;
  [[nodiscard]] constexpr int next_cut_asked() const;

  bool as_written_ = false;  ///< groups and cut points are those of fused, but every layer opens a step
  path where_, last_path_;
  int index_ = 0;  ///< of the next child among its siblings
  int leaf_ = 0;   ///< of the next layer in the flat list
  int value_ = 0;
  int depth_ = 0, loop_ = -1, exit_ = -1;
  int segment_ = 0;  ///< first step since the last exit
  group group_ = group::closed;
  bool pending_ = false;  ///< the trunk has something to cut after
  std::vector<int>
      held_;  ///< values that a loop must not overwrite: the frame, a block's or a branch's input
  std::uint64_t macs_ = 0, trunk_macs_ = 0;
};

}  // namespace flexdnn
