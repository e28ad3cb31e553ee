// SPDX-License-Identifier: MIT
// parameters: a network's tensors with their PyTorch names and offsets in the canonical block.
#pragma once

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <vector>

#include "../plan/lowered.hpp"

namespace flexdnn {

struct named_parameter {
  std::string name;  ///< "layer1.0.conv1.weight"
  std::vector<std::uint64_t> extents;
  std::size_t offset = 0;  ///< in floats
  std::size_t size = 0;
  bool buffer = false;          ///< running statistics: stored, not trained
  bool counts_batches = false;  ///< the last tensor of a batch norm: num_batches_tracked may follow it
  bool exit = false;            ///< belongs to an exit branch
};

namespace detail {

/// One object for all nodes of one layer and shape, whatever their networks.
template <class Layer, shape In>
inline constexpr auto layer_parameters = parameters_of<Layer>(In);

template <class Network>
inline constexpr auto parameters_of_nodes = []<std::size_t... Node>(std::index_sequence<Node...>) {
  using low = lowered<Network>;
  return std::array<std::span<const parameter>, sizeof...(Node)>{
      layer_parameters<element<static_cast<std::size_t>(low::nodes[Node].leaf), typename low::leaves>,
                       low::nodes[Node].in>...};
}
(std::make_index_sequence<lowered<Network>::nodes.size()>{});

/// Replaces the marks of a path, outermost loop first, by the indices of a round.
[[nodiscard]] inline std::string spell(std::string_view where, const std::vector<std::string>& indices) {
  std::string text;
  std::size_t next = 0;
  for (std::size_t i = 0; i < where.size(); ++i) {
    if (where[i] == path::mark && next < indices.size()) {
      text += indices[next++];
      ++i;  // the digit after the mark is part of it
    } else {
      text += where[i];
    }
  }
  return text;
}

/// Loops around a node, outermost first.
[[nodiscard]] inline std::vector<loop> loops_around(std::span<const loop> loops, int innermost) {
  std::vector<loop> chain;
  for (int l = innermost; l >= 0; l = loops[static_cast<std::size_t>(l)].parent) {
    chain.insert(chain.begin(), loops[static_cast<std::size_t>(l)]);
  }
  return chain;
}

/// The digit after mark number `level` in a path: which copy of the block in the loop's body this is.
[[nodiscard]] inline int copy_in_loop(std::string_view where, std::size_t level) {
  std::size_t seen = 0;
  for (std::size_t i = 0; i + 1 < where.size(); ++i) {
    if (where[i] == path::mark && seen++ == level) return where[i + 1] - '0';
  }
  return 0;
}

/// parameters(), for the tables of any network: compiled once for all of them.
[[nodiscard]] inline std::vector<named_parameter> name_parameters(
    std::span<const node> nodes, std::span<const loop> loops,
    std::span<const std::span<const parameter>> parameters_of_nodes) {
  std::vector<named_parameter> all;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const node& n = nodes[i];
    const std::vector<loop> chain = loops_around(loops, n.loop);
    std::vector<int> round(chain.size(), 0);
    for (bool more = true; more;) {
      std::size_t offset = n.weights;
      std::vector<std::string> indices;
      for (std::size_t l = 0; l < chain.size(); ++l) {
        offset += static_cast<std::size_t>(round[l]) * chain[l].weight_stride;
        indices.push_back(std::to_string(chain[l].first_index + round[l] * chain[l].stride +
                                         copy_in_loop(n.where.view(), l)));
      }
      const std::string where = spell(n.where.view(), indices);
      for (const parameter& p : parameters_of_nodes[i]) {
        named_parameter one;
        one.name = where + (where.empty() ? "" : ".") + std::string(p.name);
        one.extents.assign(p.extents.begin(), p.extents.begin() + p.rank);
        one.offset = offset;
        one.size = p.size();
        one.buffer = p.buffer;
        one.counts_batches = n.role == layer_role::channel_affine && &p == &parameters_of_nodes[i].back();
        one.exit = n.exit >= 0;
        all.push_back(std::move(one));
        offset += p.size();
      }
      more = false;
      for (std::size_t l = chain.size(); l-- > 0;) {
        if (++round[l] < chain[l].count) {
          more = true;
          break;
        }
        round[l] = 0;
      }
    }
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const named_parameter& a, const named_parameter& b) { return a.offset < b.offset; });
  return all;
}

}  // namespace detail

/// Every tensor of the network once, in canonical order (trunk first, then the exits in order).
template <class Network>
[[nodiscard]] std::vector<named_parameter> parameters() {
  using low = lowered<Network>;
  return detail::name_parameters(low::nodes, low::loops, detail::parameters_of_nodes<Network>);
}

}  // namespace flexdnn
