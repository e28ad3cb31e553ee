// SPDX-License-Identifier: MIT
// initialise: the weights that training starts from.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>

#include "kaiming.hpp"
#include "training_graph.hpp"

namespace flexdnn {

/// Kaiming-normal convolutions, uniform dense layers, biases 0, neutral batch norms; the rest of the block
/// stays as it is. A layer's numbers depend on seed and its place in the graph alone.
inline void initialise(const training_graph& graph, trained_part what, std::uint64_t seed,
                       std::span<float> parameters) {
  for (std::size_t i = 0; i < graph.operations.size(); ++i) {
    const operation& o = graph.operations[i];
    if (!belongs(o, what)) continue;
    random_generator random(seed, 1000 + i);
    const std::span<float> w = parameters.subspan(o.weights, o.parameters);
    if (o.what == operation::kind::linear) {
      const std::size_t count = o.weight_count();
      if (o.linear.in.pixels() == 1) {
        kaiming_uniform(o.linear, random, w.first(count));
      } else {
        // Depthwise: PyTorch's fan-out ignores groups and would draw far too small; its fan-in is its own.
        convolution c = o.linear;
        if (c.depthwise()) c.in.channels = c.out.channels = c.groups = 1;
        kaiming_normal(c, random, w.first(count));
      }
      std::ranges::fill(w.subspan(count), 0.0F);
    } else if (o.what == operation::kind::batch_norm) {
      const std::size_t channels = o.parameters / 4;
      std::ranges::fill(w, 0.0F);
      std::ranges::fill(w.first(channels), 1.0F);
      std::ranges::fill(w.last(channels), 1.0F);
    }
  }
}

}  // namespace flexdnn
