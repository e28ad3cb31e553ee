// SPDX-License-Identifier: MIT
// branch_runner: computes a branch that is data, with the bits of the engine that it is compiled into later.
#pragma once

#include <span>
#include <utility>
#include <vector>

#include "../kernels/convolve.hpp"
#include "../kernels/pack.hpp"
#include "../kernels/pool.hpp"
#include "../plan/packing.hpp"
#include "branch_surgery.hpp"

namespace flexdnn {

/// A candidate in inference mode, batch norms folded. It calls the engine's kernels with the same fusion, so
/// that what is decided on its scores is what the compiled network does (on the same architecture).
class branch_runner {
 public:
  explicit branch_runner(const branch_candidate& c) {
    const std::vector<operation> rows = c.design.graph().operations;
    const float* const weights = c.parameters.data();
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const operation& l = rows[i];
      step s{l, false, {}};
      if (l.what == operation::kind::linear) {
        const float* const bias = l.bias ? weights + l.weights + l.weight_count() : nullptr;
        const bool normed = i + 1 < rows.size() && rows[i + 1].what == operation::kind::batch_norm;
        std::vector<float> scale, shift;
        if (normed) {
          scale.resize(static_cast<std::size_t>(l.out.channels)), shift = scale;
          fold<batch_norm>(l.out.channels, weights + rows[i + 1].weights, scale.data(), shift.data());
          s.relu = true;
          i += 2;
        }
        s.packed.resize(packed_size(l.linear, tile_of<native>));
        pack(l.linear, tile_of<native>, weights + l.weights, bias, normed ? scale.data() : nullptr,
             normed ? shift.data() : nullptr, s.packed.data());
        scratch_.resize(std::max(scratch_.size(), scratch_size(l.linear, tile_of<native>)));
      }
      for (std::vector<float>& map : maps_) map.resize(std::max(map.size(), l.out.size()));
      steps_.push_back(std::move(s));
    }
  }

  /// Class scores of a feature map, channels last. Valid until the next call.
  std::span<const float> run(const float* features) noexcept {
    const float* in = features;
    for (const step& s : steps_) {
      float* const out = maps_[in == maps_[0].data() ? 1 : 0].data();
      if (s.layer.what == operation::kind::max_pool) {
        max_pool(s.layer.pool, in, out);
      } else if (s.layer.what == operation::kind::average_pool) {
        average_pixels(s.layer.in, in, out);
      } else if (s.relu) {
        convolve<relu>(s.layer.linear, in, s.packed.data(), nullptr, out, scratch_.data(), native{});
      } else {
        convolve<identity>(s.layer.linear, in, s.packed.data(), nullptr, out, scratch_.data(), native{});
      }
      in = out;
    }
    return {in, static_cast<std::size_t>(steps_.back().layer.out.channels)};
  }

 private:
  struct step {
    operation layer;
    bool relu;
    std::vector<float> packed;
  };

  std::vector<step> steps_;
  std::vector<float> maps_[2], scratch_;
};

}  // namespace flexdnn
