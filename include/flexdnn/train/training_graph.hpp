// SPDX-License-Identifier: MIT
// training_graph: a network as the operations of its forward pass, every layer as written.
#pragma once

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "../graph/with_exits.hpp"
#include "operation.hpp"

namespace flexdnn {

/// What a step trains. The rest stands still: batch norms by their running statistics, no dropout.
enum class trained_part : std::uint8_t {
  whole,
  exits,  ///< early exits' branches, on a frozen trunk
  trunk,  ///< with the final exit; early exits are not computed
};

/// Operations in order. Map 0 is the frame; every other map has one writer, or, a concatenation, one for each
/// part. Parameters lie as in the canonical block.
struct training_graph {
  struct exit {
    std::string name;
    int scores = -1;  ///< map of its class scores
  };

  std::vector<operation> operations;
  std::vector<shape> maps;
  std::vector<exit> exits;
  std::size_t parameters = 0;
};

/// Whether an operation belongs to a part.
[[nodiscard]] inline bool belongs(const operation& o, trained_part what) {
  return what == trained_part::whole || (o.exit >= 0) == (what == trained_part::exits);
}

namespace detail {

template <class Network>
struct layer_operations {
  using leaves = leaves_of<Network>;

  /// Of layer number `leaf`.
  [[nodiscard]] static operation make(int leaf, shape in) {
    using function = operation (*)(shape);
    static constexpr auto table = []<std::size_t... Leaf>(std::index_sequence<Leaf...>) {
      return std::array<function, sizeof...(Leaf)>{&operation_of<element<Leaf, leaves>>...};
    }
    (std::make_index_sequence<leaves::size>{});
    return table[static_cast<std::size_t>(leaf)](in);
  }
};

}  // namespace detail

/// The whole network with its exits. Rounds of a repeat stand one after the other, each with its weights.
template <class Network>
[[nodiscard]] training_graph make_training_graph() {
  using enum operation::kind;
  const builder b = lower_network<Network>(lowering::as_written);
  training_graph graph;
  graph.maps = b.values;
  graph.parameters = b.trunk_weights + b.exit_weights;
  for (const step& s : b.steps) {
    operation o;
    if (s.lead >= 0) {
      o = detail::layer_operations<Network>::make(s.lead, s.in);
    } else {
      o.in = s.in, o.out = s.out;
      o.what = s.residual < 0             ? append
               : s.how == joint::add      ? add
               : s.how == joint::multiply ? multiply
                                          : scale;
    }
    o.input = s.input, o.second = s.residual, o.output = s.output;
    o.channel = s.channel;
    o.weights = s.lead_weights, o.parameters = s.parameters;
    graph.operations.push_back(std::move(o));
  }
  for (std::size_t e = 0; e < b.exits.size(); ++e) {
    graph.exits.push_back({std::string(b.exits[e].name), b.exits[e].value});
    const bool early = e + 1 < b.exits.size();
    for (int i = b.exits[e].branch_first; early && i < b.exits[e].last; ++i) {
      graph.operations[static_cast<std::size_t>(i)].exit = static_cast<int>(e);
    }
  }
  return graph;
}

}  // namespace flexdnn
