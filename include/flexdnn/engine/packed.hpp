// SPDX-License-Identifier: MIT
// packed: a network's weights as its kernels read them, made once.
#pragma once

#include <span>
#include <type_traits>

#include "../plan/program.hpp"
#include "../plan/target.hpp"

namespace flexdnn {

/// Batch norms folded, panels laid out for the target. Constant while engines run: one serves many.
/// Declare it static or place it yourself: it is as large as the network.
template <class Network, class Target = native_target>
struct packed {
  alignas(64) std::array<float, program<Network, Target>::packed_floats> values{};
};

/// Who computes does not matter to the weights: engines of one thread and of several share them.
template <class Network, class Target>
requires(!std::is_same_v<Target, typename Target::layout>) struct packed<Network, Target>
    : packed<Network, typename Target::layout> {
};

namespace detail {

/// Entries [first, last), with the offsets of the rounds around them.
inline void pack_entries(const instruction* entries, const packing* packings, int first, int last,
                         const float* canonical, const tile& panel, float* out) {
  for (int i = first; i < last; ++i) {
    const packing& p = packings[i];
    if (p.pack != nullptr) {
      p.pack(canonical + p.lead, canonical + p.affine, panel, out + entries[i].packed);
    } else {
      for (int r = 0; r < entries[i].rounds; ++r) {
        const auto round = static_cast<std::size_t>(r);
        pack_entries(entries, packings, i + 1, i + 1 + entries[i].length, canonical + round * p.lead, panel,
                     out + round * entries[i].stride);
      }
      i += entries[i].length;
    }
  }
}

}  // namespace detail

/// Packs canonical weights (lowered<Network>::parameters numbers, PyTorch layouts, in describe's order).
template <class Network, class Target>
void pack(std::span<const float, lowered<Network>::parameters> canonical, packed<Network, Target>& out) {
  using plan = program<Network, Target>;
  detail::pack_entries(plan::entries.data(), plan::packings.data(), 0, static_cast<int>(plan::entries.size()),
                       canonical.data(), Target::panel, out.values.data());
}

}  // namespace flexdnn
