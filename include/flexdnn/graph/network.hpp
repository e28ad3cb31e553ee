// SPDX-License-Identifier: MIT
// network: an input and the layers that follow it, examined where it is written.
#pragma once

#include "lower.hpp"
#include "sequence.hpp"

namespace flexdnn {

/// Extents of the frame: channels, height, width.
template <int Channels, int Height, int Width>
struct input {
  static constexpr shape extent{Channels, Height, Width};
};

/// A network lowered: the records of graph/node.hpp as plain arrays.
template <class Network>
[[nodiscard]] constexpr builder lower_network(lowering how = lowering::fused) {
  builder b(Network::frame, how);
  b.reserve(leaves_of<Network>::size);
  if constexpr (requires { Network::ask(b); }) Network::ask(b);
  Network::lower(b);
  b.finish();
  return b;
}

namespace detail {

/// A network with a mistake has already been told of: it is planned as this one, which is empty and has one
/// exit, so that the mistake stays the only error.
constexpr builder empty_network(const shape& frame) {
  builder empty(frame);
  empty.exits.push_back({.name = "final", .input = 0, .value = 0, .scores = {1}});
  return empty;
}

/// What is known of a network before it is planned: a mistake, and how many records it has.
struct examination {
  mistake error{};
  std::size_t nodes, steps, loops, cuts, exits, values;

  constexpr examination(const mistake& found, const builder& b)
      : error(found),
        nodes(b.nodes.size()),
        steps(b.steps.size()),
        loops(b.loops.size()),
        cuts(b.cuts.size()),
        exits(b.exits.size()),
        values(b.values.size()) {}
};

template <class Network>
inline constexpr examination examined = [] {
  const builder b = lower_network<Network>();
  return b.error.found() ? examination(b.error, empty_network(Network::frame)) : examination({}, b);
}();

/// Stops compilation with the sentence for what was found; true otherwise.
template <class Network, mistake Found>
consteval bool passes() {
  using enum mistake_kind;
  if constexpr (!Found.found()) {
    return true;
  } else if constexpr (Found.kind == unknown_cut_point) {
    return diagnosis<Found.kind, at_cut_point<Found.layer>, cut_points<Found.wanted.channels>>();
  } else if constexpr (Found.kind == class_counts_differ || Found.kind == duplicate_exit_name) {
    return diagnosis<Found.kind, at_exit<Found.layer>, got<Found.got>, wanted<Found.wanted>>();
  } else {
    using layers = leaves_of<Network>;
    constexpr int index = Found.layer < static_cast<int>(layers::size) ? Found.layer : -1;
    return diagnosis<Found.kind, at_layer<Found.layer>, element_or<index, layers, void>, got<Found.got>,
                     wanted<Found.wanted>>();
  }
}

/// A body that is complete when the struct derived from it examines it.
template <class Input, class... Layers>
struct network_body {
  static constexpr bool is_composite = true;
  static constexpr bool names_itself = false;
  static constexpr shape frame = Input::extent;
  using parts = type_list<Layers...>;

  static constexpr void lower(builder& b) { sequence<Layers...>::lower(b); }
};

}  // namespace detail

/// The frame's extents, then layers, composites and exit branches in order. Derive a struct from it, so
/// that compilers print its name: struct tiny : network<input<3, 32, 32>, conv2d<8, kernel<3>>, ...> {};
/// The last layer gives the class scores {classes, 1, 1}, or is an exit_branch that does.
template <class Input, class... Layers>
struct network : detail::network_body<Input, Layers...> {
  using body = detail::network_body<Input, Layers...>;
  static constexpr int exit_count = static_cast<int>(detail::examined<body>.exits);
  static_assert(detail::passes<body, detail::examined<body>.error>());
};

}  // namespace flexdnn
