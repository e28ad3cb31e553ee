// SPDX-License-Identifier: MIT
// branch_design: the architecture of an exit branch as data, for a search: its layers, its cost, its
// spelling.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "../layers/batch_norm.hpp"
#include "../train/training_graph.hpp"

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

  /// Its one exit, as make_training_graph has it of the same branch as a type: map 0 is the map that it
  /// reads.
  [[nodiscard]] training_graph graph() const {
    using enum operation::kind;
    training_graph g;
    g.maps.push_back(in);
    const auto append_layer = [&](operation o, shape out) {
      o.in = g.maps.back(), o.out = out;
      o.input = static_cast<int>(g.maps.size()) - 1, o.output = o.input + 1;
      o.weights = g.parameters;
      if (o.what == linear) {
        o.linear.in = o.in, o.linear.out = out;
        o.parameters = o.weight_count() + static_cast<std::size_t>(o.bias ? out.channels : 0);
      } else if (o.what == operation::kind::batch_norm) {
        o.parameters = 4 * static_cast<std::size_t>(out.channels);
      }
      g.parameters += o.parameters;
      g.maps.push_back(out);
      g.operations.push_back(std::move(o));
    };
    const auto of = [](operation::kind what) {
      operation o;
      o.what = what;
      return o;
    };
    for (const branch_stage& s : stages) {
      const shape at = g.maps.back();
      if (s.what == branch_stage::kind::pooled) {
        operation pool = of(max_pool);
        const shape half{at.channels, at.height / 2, at.width / 2};
        pool.pool = {.in = at, .out = half, .kernel_h = 2, .kernel_w = 2, .stride_h = 2, .stride_w = 2};
        append_layer(pool, half);
        continue;
      }
      const shape wide{s.channels, at.height, at.width};
      operation depthwise = of(linear), norm = of(operation::kind::batch_norm);
      depthwise.linear.kernel_h = depthwise.linear.kernel_w = 3;
      depthwise.linear.padding_h = depthwise.linear.padding_w = 1;
      depthwise.linear.groups = at.channels;
      norm.constant = flexdnn::batch_norm::epsilon;
      append_layer(depthwise, at);
      append_layer(of(linear), wide);
      append_layer(norm, wide);
      append_layer(of(activation), wide);
    }
    operation mean = of(average_pool), dense = of(linear);
    const shape at = g.maps.back(), vector{at.channels, 1, 1};
    mean.pool = {.in = at, .out = vector, .kernel_h = at.height, .kernel_w = at.width};
    dense.bias = true;
    append_layer(mean, vector);
    append_layer(dense, {classes, 1, 1});
    g.exits.push_back({"branch", static_cast<int>(g.maps.size()) - 1});
    return g;
  }

  [[nodiscard]] std::uint64_t macs() const {
    std::uint64_t sum = 0;
    for (const operation& o : graph().operations) {
      if (o.what == operation::kind::linear) sum += o.linear.macs();
    }
    return sum;
  }

  [[nodiscard]] std::size_t parameters() const { return graph().parameters; }

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
