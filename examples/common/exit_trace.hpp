// SPDX-License-Identifier: MIT
// exit_trace: what every exit said of every frame, and what thresholds would have made of it.
#pragma once

#include <array>
#include <cstdint>
#include <flexdnn/calibrate/threshold.hpp>
#include <limits>
#include <vector>

namespace examples {

/// One run of the whole network over labelled frames, and the cost of each exit's path.
class exit_trace {
 public:
  using frames = std::vector<std::size_t>;  ///< numbers of frames
  using levels = std::vector<float>;        ///< a threshold for each exit but the last
  using shares = std::vector<double>;       ///< of the risk, for each exit but the last; they sum to 1

  /// path_macs: of the path to each exit, as a share of the backbone's.
  explicit exit_trace(std::vector<double> path_macs)
      : path_macs_(std::move(path_macs)), confidence_(exits()), wrong_(exits()), costs_(exits()) {}

  [[nodiscard]] std::size_t exits() const { return path_macs_.size(); }

  /// Frames come in order, exits in order within a frame.
  void add(std::size_t exit, float confidence, bool wrong) {
    confidence_[exit].push_back(confidence);
    wrong_[exit].push_back(wrong ? 1 : 0);
    if (exit + 1 < exits()) return;
    const std::size_t frame = wrong_[exit].size() - 1;
    for (std::size_t k = 0; k < exits(); ++k) {
      costs_[k].push_back(wrong_[k][frame] > wrong_[exit][frame] ? 1 : 0);
    }
  }

  [[nodiscard]] double accuracy(std::size_t exit) const {
    double right = 0.0;
    for (const std::uint8_t w : wrong_[exit]) right += 1.0 - w;
    return right / static_cast<double>(wrong_[exit].size());
  }

  /// The paper's rule at every exit: it counts every wrong prediction.
  [[nodiscard]] levels paper(const frames& chosen) const {
    return calibrate(chosen, wrong_, [](std::size_t, auto confidence, auto wrong) {
      return flexdnn::zero_error_threshold(confidence, wrong);
    });
  }

  /// Thresholds whose exits cost at most `risk` accuracy together: wrong where the whole network is right.
  [[nodiscard]] levels at_risk(const frames& chosen, double risk, const shares& each) const {
    return calibrate(chosen, costs_, [&](std::size_t k, auto confidence, auto costs) {
      return flexdnn::quantile_threshold(confidence, costs, risk * each[k]);
    });
  }

  /// The way to share the risk, in eighths, that spends the fewest MACs on the frames chosen.
  [[nodiscard]] shares cheapest_shares(const frames& chosen, double risk) const {
    constexpr int units = 8;
    shares best(exits() - 1), each(exits() - 1);
    double least = std::numeric_limits<double>::infinity();
    const auto visit = [&](auto self, std::size_t k, int left) -> void {
      if (k + 2 < exits()) {
        for (int here = 0; here <= left; ++here) {
          each[k] = static_cast<double>(here) / units;
          self(self, k + 1, left - here);
        }
        return;
      }
      each[k] = static_cast<double>(left) / units;
      const double cost = apply(chosen, at_risk(chosen, risk, each)).mac_share;
      if (cost < least) least = cost, best = each;
    };
    visit(visit, 0, units);
    return best;
  }

  [[nodiscard]] std::size_t exit_of(std::size_t frame, const levels& t) const {
    std::size_t k = 0;
    while (k + 1 < exits() && !(confidence_[k][frame] > t[k])) ++k;
    return k;
  }

  struct outcome {
    double accuracy = 0.0, backbone = 0.0, mac_share = 0.0;
    std::vector<double> left_at;  ///< share of the frames, exit by exit
  };

  /// What an engine with these thresholds would do.
  [[nodiscard]] outcome apply(const frames& chosen, const levels& t) const {
    outcome o{.left_at = std::vector<double>(exits())};
    const double n = static_cast<double>(chosen.size());
    for (const std::size_t i : chosen) {
      const std::size_t k = exit_of(i, t);
      o.accuracy += (1 - wrong_[k][i]) / n;
      o.backbone += (1 - wrong_.back()[i]) / n;
      o.mac_share += path_macs_[k] / n;
      o.left_at[k] += 1.0 / n;
    }
    return o;
  }

 private:
  using flags = std::vector<std::vector<std::uint8_t>>;

  /// rule(exit, confidences, losses) at every exit. A frame counts at an exit whether or not it would have
  /// left before: so the exits' risks add up to at most the network's, whatever the other thresholds are.
  template <class Rule>
  [[nodiscard]] levels calibrate(const frames& chosen, const flags& losses, Rule rule) const {
    levels t(exits() - 1);
    std::vector<float> confidence(chosen.size());
    std::vector<std::uint8_t> loss(chosen.size());
    for (std::size_t k = 0; k < t.size(); ++k) {
      for (std::size_t i = 0; i < chosen.size(); ++i) {
        confidence[i] = confidence_[k][chosen[i]];
        loss[i] = losses[k][chosen[i]];
      }
      t[k] = rule(k, std::span<const float>(confidence), std::span<const std::uint8_t>(loss));
    }
    return t;
  }

  std::vector<double> path_macs_;
  std::vector<std::vector<float>> confidence_;
  flags wrong_, costs_;  ///< costs: wrong where the whole network is right
};

}  // namespace examples
