// SPDX-License-Identifier: MIT
// threshold_path: vectors of thresholds from "no frame leaves early" to the cheapest, each the least loss at
// its cost.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

#include "exit_trace.hpp"
#include "loss_model.hpp"
#include "pareto_point.hpp"
#include "threshold.hpp"

namespace flexdnn {

namespace detail {

/// Minimises cost + price * loss over threshold vectors, by one exit after the other.
class threshold_search {
 public:
  threshold_search(const exit_trace& trace, const exit_costs& costs, const exit_thresholds& start,
                   std::span<const std::size_t> chosen, exit_loss loss)
      : trace_(trace),
        path_(path_costs(costs, start)),
        chosen_(chosen),
        order_(start.size()),
        loss_(trace.exits()) {
    std::vector<float> confidence(chosen.size());
    std::vector<std::uint8_t> loses(chosen.size());
    for (std::size_t e = 0; e < trace.exits(); ++e) {
      for (std::size_t j = 0; j < chosen.size(); ++j) {
        confidence[j] = trace.confidence(e, chosen[j]);
        loses[j] = trace.loses(loss, e, chosen[j]) ? 1 : 0;
      }
      loss_[e].resize(chosen.size());
      const bool lossless = e + 1 == trace.exits() && loss != exit_loss::wrong;  // by definition
      const loss_model model = fit_loss_model(confidence, loses);
      for (std::size_t j = 0; j < chosen.size() && !lossless; ++j) loss_[e][j] = model(confidence[j]);
      if (e == start.size() || start[e] == no_exit) continue;
      for (std::size_t j = 0; j < chosen.size(); ++j) {
        if (confidence[j] > always_leave) order_[e].push_back(j);  // NaN never leaves
      }
      std::stable_sort(order_[e].begin(), order_[e].end(),
                       [&](std::size_t a, std::size_t b) { return confidence[a] > confidence[b]; });
    }
  }

  /// Coordinate descent from t. Each step is exact: an exit's frames leave in order of confidence, and every
  /// cut between two of them is tried. The repository's networks took at most 8 sweeps.
  void descend(double price, exit_thresholds& t) const {
    for (int sweep = 0; sweep < 100; ++sweep) {
      const exit_thresholds before = t;
      for (std::size_t e = 0; e < t.size(); ++e) {
        if (!order_[e].empty()) t[e] = best(e, price, t);
      }
      if (t == before) break;
    }
  }

  [[nodiscard]] pareto_point outcome(const exit_thresholds& t) const {
    pareto_point p{.thresholds = t};
    for (std::size_t j = 0; j < chosen_.size(); ++j) {
      const std::size_t e = trace_.exit_of(chosen_[j], t);
      p.cost += path_[e];
      p.loss += loss_[e][j];
    }
    p.cost /= static_cast<double>(chosen_.size());
    p.loss /= static_cast<double>(chosen_.size());
    return p;
  }

 private:
  [[nodiscard]] float best(std::size_t exit, double price, exit_thresholds t) const {
    t[exit] = never_leave;
    float threshold = never_leave;
    double gain = 0.0, most = 0.0;
    const std::vector<std::size_t>& order = order_[exit];
    for (std::size_t r = 0; r < order.size(); ++r) {
      const std::size_t j = order[r], later = trace_.exit_of(chosen_[j], t);
      if (later > exit) gain += path_[later] - path_[exit] + price * (loss_[later][j] - loss_[exit][j]);
      const float next = r + 1 < order.size() ? trace_.confidence(exit, chosen_[order[r + 1]]) : always_leave;
      if (gain > most && next < trace_.confidence(exit, chosen_[j])) most = gain, threshold = next;
    }
    return threshold;
  }

  const exit_trace& trace_;
  std::vector<double> path_;  ///< costs
  std::span<const std::size_t> chosen_;
  std::vector<std::vector<std::size_t>> order_;  ///< by exit: frames that may leave, the most confident first
  std::vector<std::vector<double>> loss_;        ///< expected, by exit, then frame
};

}  // namespace detail

/// The path along which a rule calibrates, from the safest setting to the boldest: cost strictly falls,
/// expected loss strictly rises. Minimises cost + price * loss for prices of a loss from 4,096 backbones to a
/// quarter of one, 8 an octave, then 0, each from the one before. Exits whose `start` is no_exit stay out,
/// the others begin at never_leave; `start` is the first point unless another loses no more, which it may if
/// loss is exit_loss::wrong. One frame or more.
///
/// Losses are smoothed by a model of two numbers an exit. MEASURED
[[nodiscard]] inline std::vector<pareto_point> threshold_path(const exit_trace& trace,
                                                              const exit_costs& costs,
                                                              const exit_thresholds& start,
                                                              std::span<const std::size_t> chosen,
                                                              exit_loss loss = exit_loss::accuracy_gap) {
  const detail::threshold_search search(trace, costs, start, chosen, loss);
  exit_thresholds t;
  for (const float s : start) t.push_back(s == no_exit ? no_exit : never_leave);
  std::vector<pareto_point> path{search.outcome(t)};
  constexpr int octaves = 14, each = 8;
  for (int step = 0; step <= octaves * each + 1; ++step) {
    const double price = step > octaves * each ? 0.0 : std::exp2(12.0 - static_cast<double>(step) / each);
    search.descend(price * costs.backbone(), t);
    pareto_point next = search.outcome(t);
    if (!(next.cost < path.back().cost)) continue;
    while (!path.empty() && next.loss <= path.back().loss) path.pop_back();
    path.push_back(std::move(next));
  }
  return path;
}

}  // namespace flexdnn
