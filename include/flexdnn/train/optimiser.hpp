// SPDX-License-Identifier: MIT
// optimiser: moves the trained parameters of a network by SGD or Adam, and keeps their state.
#pragma once

#include <cmath>
#include <cstdint>
#include <span>
#include <variant>
#include <vector>

#include "adam.hpp"
#include "sgd.hpp"
#include "thread_team.hpp"
#include "training_graph.hpp"

namespace flexdnn {

/// Weight decay is for the weights of linear layers alone: biases and batch norms have none, and running
/// statistics, which no rule moves, would be pulled to zero.
class optimiser {
 public:
  using rule = std::variant<sgd, adam>;

  /// graph must stay.
  optimiser(const training_graph& graph, const rule& how) : how_(how) {
    per_parameter_ = std::visit([](const auto& r) { return r.state_per_parameter; }, how_);
    state.resize(graph.parameters * per_parameter_);
    for (const operation& o : graph.operations) {
      if (o.what == operation::kind::linear) {
        const std::size_t count = o.weight_count();
        runs_.push_back({&o, o.weights, count, true});
        if (o.bias) runs_.push_back({&o, o.weights + count, o.parameters - count, false});
      } else if (o.what == operation::kind::batch_norm) {
        runs_.push_back({&o, o.weights, o.parameters / 2, false});
      }
    }
  }

  /// The Euclidean norm of the gradient becomes `most` where it is larger (0: any).
  static void clip(double most, std::span<float> gradients) {
    if (most <= 0.0) return;
    double squares = 0.0;
    for (const float g : gradients) squares += static_cast<double>(g) * static_cast<double>(g);
    const double norm = std::sqrt(squares);
    if (norm <= most) return;
    for (float& g : gradients) g *= static_cast<float>(most / norm);
  }

  /// Step number `step`, from 1, of a part.
  void update(trained_part what, std::uint64_t step, double rate, std::span<float> parameters,
              std::span<const float> gradients, thread_team& team) {
    team.run(runs_.size(), [&](std::size_t i) {
      const run& r = runs_[i];
      if (!belongs(*r.owner, what)) return;
      std::visit(
          [&](auto one) {
            one.learning_rate = rate;
            if (!r.decays) one.weight_decay = 0.0;
            one.update(step, parameters.subspan(r.first, r.count), gradients.subspan(r.first, r.count),
                       std::span(state).subspan(r.first * per_parameter_, r.count * per_parameter_));
          },
          how_);
    });
  }

  std::vector<float> state;  ///< zero before the first step; to be saved with the parameters

 private:
  /// Adjacent parameters that are treated alike.
  struct run {
    const operation* owner;
    std::size_t first, count;
    bool decays;
  };

  rule how_;
  std::size_t per_parameter_ = 1;
  std::vector<run> runs_;
};

}  // namespace flexdnn
