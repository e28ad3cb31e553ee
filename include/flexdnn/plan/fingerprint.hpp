// SPDX-License-Identifier: MIT
// fingerprint: a network's tensors and maps as one number, compared where no file can be looked at.
#pragma once

#include <string_view>
#include <utility>

#include "lowered.hpp"

namespace flexdnn {

/// Raised whenever pack gives other numbers or another order, or choose another algorithm: constants packed
/// before are then refused.
inline constexpr std::uint64_t packed_layout = 2;

namespace detail {

/// FNV-1a in 64 bits, a number a step. It guards against mistakes, not against intent.
struct fingerprint_sum {
  std::uint64_t value = 14695981039346656037u;

  constexpr void add(std::uint64_t number) { value = (value ^ number) * 1099511628211u; }
  constexpr void add(int number) { add(static_cast<std::uint64_t>(static_cast<std::int64_t>(number))); }
  constexpr void add(std::string_view text) {
    for (const char c : text) add(static_cast<std::uint64_t>(static_cast<unsigned char>(c)));
    add(std::uint64_t{256});  // no character: where a text ends counts too
  }
  constexpr void add(const shape& s) {
    for (const int extent : {s.channels, s.height, s.width}) add(extent);
  }
};

template <class Network, std::size_t Node>
constexpr int add_node(fingerprint_sum& sum) {
  constexpr const node& n = lowered<Network>::nodes[Node];
  sum.add(n.type_name);
  sum.add(n.where.view());
  sum.add(n.in);
  sum.add(n.out);
  sum.add(n.loop);
  sum.add(std::uint64_t{n.weights});
  using layer_type = element<static_cast<std::size_t>(n.leaf), typename lowered<Network>::leaves>;
  for (const parameter& p : parameters_of<layer_type>(n.in)) {
    sum.add(p.name);
    for (int d = 0; d < p.rank; ++d) sum.add(p.extents[static_cast<std::size_t>(d)]);
  }
  return 0;
}

}  // namespace detail

/// What load() would find wrong with a file, and what pack() depends on: every layer's type, name, shapes,
/// tensors and their order, loops and exits. Equal on all compilers and machines. It does not see numbers
/// that are no tensor's extent, such as an epsilon, or an activation's slope.
template <class Network>
inline constexpr std::uint64_t fingerprint = []<std::size_t... Node>(std::index_sequence<Node...>) {
  using low = lowered<Network>;
  detail::fingerprint_sum sum;
  sum.add(packed_layout);
  sum.add(Network::frame);
  const int in_order[] = {0, detail::add_node<Network, Node>(sum)...};
  static_cast<void>(in_order);
  for (const loop& l : low::loops) {
    for (const int number : {l.first, l.last, l.count}) sum.add(number);
  }
  for (const exit_point& e : low::exits) {
    for (const int number : {e.first, e.branch_first, e.last}) sum.add(number);
  }
  return sum.value;
}
(std::make_index_sequence<lowered<Network>::nodes.size()>{});

}  // namespace flexdnn
