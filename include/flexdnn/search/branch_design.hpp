// SPDX-License-Identifier: MIT
// branch_design: the architecture of an exit branch as data, for a search: its layers, its cost, its
// spelling.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "../layers/batch_norm.hpp"
#include "../train/branch_layer.hpp"

namespace flexdnn {

/// A stage of a branch: a separable convolution 3x3 without biases, batch norm and relu; or a pooling 2x2.
struct branch_stage {
  enum class kind : std::uint8_t { separable, pooled };

  kind what = kind::separable;
  int channels = 0;  ///< of the separable convolution's output

  friend constexpr bool operator==(const branch_stage&, const branch_stage&) = default;
};

/// Stages on a map, then global average pooling and a dense layer.
struct branch_design {
  shape in{};
  int classes = 0;
  std::vector<branch_stage> stages;

  /// The paper's start (Fang et al. 2020): three separable convolutions, two poolings where the map allows
  /// them, one dense layer. Widths, of which it says nothing: 2, 4 and 4 times the map's, from 32 to 256.
  [[nodiscard]] static branch_design over_parameterised(shape in, int classes) {
    using enum branch_stage::kind;
    const auto width = [&](int times) { return std::clamp(times * in.channels, 32, 256); };
    branch_design d{in, classes, {}};
    int side = std::min(in.height, in.width);
    for (const int times : {2, 4, 4}) {
      if (!d.stages.empty() && side >= 2) {
        d.stages.push_back({pooled});
        side /= 2;
      }
      d.stages.push_back({separable, width(times)});
    }
    return d;
  }

  /// Channels that stage number `stage`, or the dense layer after the last, reads.
  [[nodiscard]] int channels_into(std::size_t stage) const {
    int channels = in.channels;
    for (std::size_t s = 0; s < stage; ++s) {
      if (stages[s].what == branch_stage::kind::separable) channels = stages[s].channels;
    }
    return channels;
  }

  /// As branch_layers gives them of the same branch as a type.
  [[nodiscard]] std::vector<branch_layer> layers() const {
    using enum branch_layer::operation;
    std::vector<branch_layer> rows;
    std::size_t weights = 0;
    shape at = in;
    const auto add = [&](branch_layer row) {
      row.in = at;
      row.weights = weights;
      if (row.what == linear) {
        row.linear.in = at;
        row.linear.out = row.out;
        weights += row.weight_count() + static_cast<std::size_t>(row.bias ? row.out.channels : 0);
      } else if (row.what == batch_norm) {
        weights += 4 * static_cast<std::size_t>(at.channels);
      }
      at = row.out;
      rows.push_back(row);
    };
    for (const branch_stage& s : stages) {
      if (s.what == branch_stage::kind::pooled) {
        const shape half{at.channels, at.height / 2, at.width / 2};
        add({.what = max_pool,
             .out = half,
             .pool = {.in = at, .out = half, .kernel_h = 2, .kernel_w = 2, .stride_h = 2, .stride_w = 2}});
        continue;
      }
      const shape wide{s.channels, at.height, at.width};
      add({.what = linear,
           .out = at,
           .linear = {.in = at,
                      .out = at,
                      .kernel_h = 3,
                      .kernel_w = 3,
                      .padding_h = 1,
                      .padding_w = 1,
                      .groups = at.channels}});
      add({.what = linear, .out = wide});
      add({.what = batch_norm, .out = wide, .constant = flexdnn::batch_norm::epsilon});
      add({.what = relu, .out = wide});
    }
    add({.what = average_pool,
         .out = {at.channels, 1, 1},
         .pool = {.in = at, .out = {at.channels, 1, 1}, .kernel_h = at.height, .kernel_w = at.width}});
    add({.what = linear, .out = {classes, 1, 1}, .bias = true});
    return rows;
  }

  [[nodiscard]] std::uint64_t macs() const {
    std::uint64_t sum = 0;
    for (const branch_layer& row : layers()) {
      if (row.what == branch_layer::operation::linear) sum += row.linear.macs();
    }
    return sum;
  }

  [[nodiscard]] std::size_t parameters() const {
    const branch_layer dense = layers().back();
    return dense.weights + dense.weight_count() + static_cast<std::size_t>(classes);
  }

  /// As template arguments of exit_branch.
  [[nodiscard]] std::string spelled() const {
    std::string text;
    for (const branch_stage& s : stages) {
      text += s.what == branch_stage::kind::pooled ? "max_pool2d<kernel<2>>, "
                                                   : "separable_conv2d<" + std::to_string(s.channels) +
                                                         ", kernel<3>, bias<false>>, batch_norm, relu, ";
    }
    return text + "global_average_pool, dense<" + std::to_string(classes) + ">";
  }

  friend bool operator==(const branch_design&, const branch_design&) = default;
};

}  // namespace flexdnn
