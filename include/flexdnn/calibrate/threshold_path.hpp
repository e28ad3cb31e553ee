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

/// Of leaving at an exit, frame by frame, by its loss model; the final exit has no gap to and no disagreement
/// with itself.
[[nodiscard]] inline std::vector<double> expected_losses(const exit_trace& trace, std::size_t exit,
                                                         std::span<const std::size_t> chosen,
                                                         exit_loss loss) {
  std::vector<double> expected(chosen.size());
  if (exit + 1 == trace.exits() && loss != exit_loss::wrong) return expected;
  std::vector<float> confidence;
  std::vector<std::uint8_t> loses;
  for (const std::size_t i : chosen) {
    confidence.push_back(trace.confidence(exit, i));
    loses.push_back(trace.loses(loss, exit, i) ? 1 : 0);
  }
  std::transform(confidence.begin(), confidence.end(), expected.begin(), fit_loss_model(confidence, loses));
  return expected;
}

/// Minimises cost + price * loss over threshold vectors, one exit after the other. Frames have their places
/// in `chosen` for numbers.
class threshold_search {
 public:
  threshold_search(const exit_trace& trace, const exit_costs& costs, const exit_thresholds& start,
                   std::span<const std::size_t> chosen, exit_loss loss)
      : trace_(trace), path_(path_costs(costs, start)), chosen_(chosen), order_(start.size()) {
    for (std::size_t e = 0; e < trace.exits(); ++e) loss_.push_back(expected_losses(trace, e, chosen, loss));
    for (std::size_t e = 0; e < start.size(); ++e) {
      for (std::size_t j = 0; j < chosen.size() && start[e] != no_exit; ++j) {
        if (confidence(e, j) > always_leave) order_[e].push_back(j);  // NaN never leaves
      }
      std::stable_sort(order_[e].begin(), order_[e].end(),
                       [&](std::size_t a, std::size_t b) { return confidence(e, a) > confidence(e, b); });
    }
  }

  /// Coordinate descent from t. Each step is exact: an exit's frames leave in order of confidence, and every
  /// cut between two of them is tried. Settles after two sweeps on the repository's networks.
  void descend(double price, exit_thresholds& t) const {
    for (int sweep = 0; sweep < 100; ++sweep) {
      const exit_thresholds before = t;
      for (std::size_t e = 0; e < t.size(); ++e) {
        if (!order_[e].empty()) t[e] = best(e, price, t);
      }
      if (t == before) break;
    }
  }

  /// The threshold of one exit that is best beside the others'. gain: of the frames so far leaving here.
  [[nodiscard]] float best(std::size_t exit, double price, exit_thresholds t) const {
    t[exit] = never_leave;
    float threshold = never_leave;
    double gain = 0.0, most = 0.0;
    const std::vector<std::size_t>& order = order_[exit];
    for (std::size_t r = 0; r < order.size(); ++r) {
      const std::size_t j = order[r], later = trace_.exit_of(chosen_[j], t);
      if (later > exit) gain += path_[later] - path_[exit] + price * (loss_[later][j] - loss_[exit][j]);
      const float next = r + 1 < order.size() ? confidence(exit, order[r + 1]) : always_leave;
      if (gain > most && next < confidence(exit, j)) most = gain, threshold = next;
    }
    return threshold;
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
  [[nodiscard]] float confidence(std::size_t exit, std::size_t j) const {
    return trace_.confidence(exit, chosen_[j]);
  }

  const exit_trace& trace_;
  std::vector<double> path_;  ///< costs
  std::span<const std::size_t> chosen_;
  std::vector<std::vector<std::size_t>> order_;  ///< by exit: frames that may leave, the most confident first
  std::vector<std::vector<double>> loss_;        ///< expected, by exit, then frame
};

}  // namespace detail

/// The path along which a rule calibrates, from the safest setting to the boldest: cost strictly falls,
/// expected loss strictly rises. Minimises cost + price * loss, for prices of a loss from 4,096 backbones
/// down to a quarter of one, 16 an octave, then 0, each from the one before: no other vector is cheaper at
/// the same expected loss, as far as brute force on four exits went. start: a threshold for each exit but the
/// last; an exit at no_exit stays out, the others begin at never_leave, which is the first setting unless
/// another loses no more (by exit_loss::wrong it may).
///
/// MACs on CIFAR-10, % of the backbone's: 1,000 images to search, 1,000 to calibrate by conformal risk
/// control, 3,000 to report, mean of five rotations, for accuracy gaps of 0.5 and 1 %:
/// - this path: ResNet-20 79.6 and 72.2, ResNet-56 77.0 and 70.5;
/// - losses as observed in place of the model's: 91.3 and 74.8, 83.9 and 73.8;
/// - quantile_threshold at every exit, the risk shared in eighths: 82.8 and 75.7, 82.1 and 73.8.
[[nodiscard]] inline std::vector<pareto_point> threshold_path(const exit_trace& trace,
                                                              const exit_costs& costs,
                                                              const exit_thresholds& start,
                                                              std::span<const std::size_t> chosen,
                                                              exit_loss loss = exit_loss::accuracy_gap) {
  const detail::threshold_search search(trace, costs, start, chosen, loss);
  exit_thresholds t;
  for (const float s : start) t.push_back(s == no_exit ? no_exit : never_leave);
  std::vector<pareto_point> path{search.outcome(t)};
  // At the risks of examples/calibrate_exits, 8 an octave cost up to 1.3 % of the backbone more, 32 save up
  // to 0.6.
  constexpr int octaves = 14, each = 16;
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
