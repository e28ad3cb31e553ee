// SPDX-License-Identifier: MIT
// lowered: a network's records as constant arrays, computed once for each network.
#pragma once

#include <array>

#include "../graph/with_exits.hpp"

namespace flexdnn {

template <class Network>
struct lowered {
 private:
  // What the network's body was examined for, when it was written, is not lowered again to be counted.
  static constexpr const detail::examination& count = detail::examined<typename Network::body>;

  struct records {
    std::array<node, count.nodes> nodes{};
    std::array<step, count.steps> steps{};
    std::array<loop, count.loops> loops{};
    std::array<cut_point, count.cuts> cuts{};
    std::array<exit_point, count.exits> exits{};
    std::array<shape, count.values> values{};
    std::size_t trunk_weights{}, weights{};
    std::uint64_t trunk_macs{};
  };

  static constexpr records all = [] {
    const builder b = count.error.found() ? detail::empty_network(Network::frame) : lower_network<Network>();
    records r;
    const auto copy = [](const auto& from, auto& to) {
      for (std::size_t i = 0; i < to.size(); ++i) to[i] = from[i];
    };
    copy(b.nodes, r.nodes);
    copy(b.steps, r.steps);
    copy(b.loops, r.loops);
    copy(b.cuts, r.cuts);
    copy(b.exits, r.exits);
    copy(b.values, r.values);
    r.trunk_weights = b.trunk_weights;
    r.weights = b.trunk_weights + b.exit_weights;
    r.trunk_macs = b.trunk_macs();
    return r;
  }();

 public:
  using leaves = leaves_of<Network>;

  static constexpr const auto& nodes = all.nodes;
  static constexpr const auto& steps = all.steps;
  static constexpr const auto& loops = all.loops;
  static constexpr const auto& cuts = all.cuts;
  static constexpr const auto& exits = all.exits;
  static constexpr const auto& values = all.values;
  static constexpr std::size_t trunk_parameters = all.trunk_weights;  ///< numbers in the canonical block
  static constexpr std::size_t parameters = all.weights;              ///< the same, exits included
  static constexpr std::uint64_t trunk_macs = all.trunk_macs;

  static constexpr int exit_count = static_cast<int>(count.exits);
  static constexpr int classes = all.exits[count.exits - 1].scores.channels;
};

/// Multiply-accumulates of the path to each exit, branches on the way included.
template <class Network>
constexpr auto path_macs() {
  std::array<std::uint64_t, static_cast<std::size_t>(lowered<Network>::exit_count)> macs{};
  for (std::size_t e = 0; e < macs.size(); ++e) macs[e] = lowered<Network>::exits[e].macs;
  return macs;
}

/// Bytes of the path to each exit, branches included, where every step reads its weights and maps from memory
/// and writes its map there: what is moved at most.
template <class Network>
constexpr auto path_bytes() {
  using low = lowered<Network>;
  std::array<std::uint64_t, static_cast<std::size_t>(low::exit_count)> bytes{};
  std::uint64_t floats = 0;
  for (std::size_t e = 0; e < bytes.size(); ++e) {
    for (int i = low::exits[e].first; i < low::exits[e].last; ++i) {
      const step& s = low::steps[static_cast<std::size_t>(i)];
      std::uint64_t rounds = 1;
      for (int l = s.loop; l >= 0; l = low::loops[static_cast<std::size_t>(l)].parent) {
        rounds *= static_cast<std::uint64_t>(low::loops[static_cast<std::size_t>(l)].count);
      }
      const std::size_t joined =
          s.residual >= 0 ? low::values[static_cast<std::size_t>(s.residual)].size() : 0;
      floats += rounds * (s.parameters + s.in.size() + joined + s.out.size());
    }
    bytes[e] = 4 * floats;
  }
  return bytes;
}

}  // namespace flexdnn
