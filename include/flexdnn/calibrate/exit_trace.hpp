// SPDX-License-Identifier: MIT
// exit_trace: what every exit of a network said of every frame, and what exits and thresholds would have made
// of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <span>
#include <vector>

namespace flexdnn {

/// What an answer costs where it is worse than it might be: 1, else 0.
enum class exit_loss : std::uint8_t {
  wrong,         ///< the answer is not the true class
  accuracy_gap,  ///< it is not, but the final exit's is: what leaving early costs
  disagreement,  ///< it is not the final exit's: needs no labels
};

/// What is paid to reach an exit, in any one unit: MACs, seconds.
struct exit_costs {
  std::vector<double> trunk;   ///< of the trunk from the frame to each exit; the last: of the whole backbone
  std::vector<double> branch;  ///< of each exit's branch and decision; 0 for the end of a plain backbone

  [[nodiscard]] double backbone() const { return trunk.back() + branch.back(); }
};

/// As a threshold: the exit is not there, and its branch costs nothing. (never_leave is computed in vain.)
inline constexpr float no_exit = std::numeric_limits<float>::infinity();

/// A threshold for each exit but the last: a frame leaves at the first whose confidence exceeds it.
using exit_thresholds = std::vector<float>;

/// Numbers of frames.
using frame_set = std::vector<std::size_t>;

/// One run of the whole network over some frames, branches that do not change each other. Frames are numbered
/// as they were added, exits from 0; the last is the final one.
class exit_trace {
 public:
  static constexpr int unlabelled = -1;

  explicit exit_trace(std::size_t exits) : confidence_(exits), label_(exits) {}

  /// One frame. labels, confidences: of each exit. truth: its class, or unlabelled. clip: frames of one video
  /// share a number; they resemble each other.
  void add(std::span<const int> labels, std::span<const float> confidences, int truth, int clip = 0) {
    for (std::size_t e = 0; e < exits(); ++e) {
      label_[e].push_back(labels[e]);
      confidence_[e].push_back(confidences[e]);
    }
    truth_.push_back(truth);
    clip_.push_back(clip);
  }

  [[nodiscard]] std::size_t exits() const { return label_.size(); }
  [[nodiscard]] std::size_t frames() const { return truth_.size(); }
  /// All of their numbers.
  [[nodiscard]] frame_set all() const {
    frame_set numbers(frames());
    std::iota(numbers.begin(), numbers.end(), std::size_t{0});
    return numbers;
  }
  [[nodiscard]] int label(std::size_t exit, std::size_t frame) const { return label_[exit][frame]; }
  [[nodiscard]] float confidence(std::size_t exit, std::size_t frame) const {
    return confidence_[exit][frame];
  }
  [[nodiscard]] int truth(std::size_t frame) const { return truth_[frame]; }
  [[nodiscard]] int clip(std::size_t frame) const { return clip_[frame]; }
  [[nodiscard]] bool right(std::size_t exit, std::size_t frame) const {
    return label_[exit][frame] == truth_[frame];
  }

  /// Of leaving at an exit. An unlabelled frame is wrong everywhere.
  [[nodiscard]] bool loses(exit_loss loss, std::size_t exit, std::size_t frame) const {
    const std::size_t last = exits() - 1;
    switch (loss) {
      case exit_loss::wrong:
        return !right(exit, frame);
      case exit_loss::accuracy_gap:
        return !right(exit, frame) && right(last, frame);
      case exit_loss::disagreement:
        return label_[exit][frame] != label_[last][frame];
    }
    return true;
  }

  /// Where a frame leaves.
  [[nodiscard]] std::size_t exit_of(std::size_t frame, const exit_thresholds& t) const {
    std::size_t e = 0;
    while (e + 1 < exits() && !(confidence_[e][frame] > t[e])) ++e;
    return e;
  }

 private:
  std::vector<std::vector<float>> confidence_;  ///< by exit, then frame
  std::vector<std::vector<int>> label_;
  std::vector<int> truth_, clip_;
};

/// What a network with these exits and thresholds does, as means over frames.
struct exit_outcome {
  double cost = 0.0;  ///< of the path, branches passed included; in the costs' unit
  double loss = 0.0;
  double accuracy = 0.0;        ///< share of right answers
  std::vector<double> left_at;  ///< share of the frames, exit by exit
};

/// Of the path to each exit: the trunk to it, and the branches there on the way, its own included.
[[nodiscard]] inline std::vector<double> path_costs(const exit_costs& costs, const exit_thresholds& t) {
  std::vector<double> path;
  double branches = 0.0;
  for (std::size_t e = 0; e < costs.trunk.size(); ++e) {
    if (e + 1 == costs.trunk.size() || t[e] != no_exit) branches += costs.branch[e];
    path.push_back(costs.trunk[e] + branches);
  }
  return path;
}

/// Replays `chosen`. Exact where the engine computes the same bits: branches read the trunk and change
/// nothing.
[[nodiscard]] inline exit_outcome apply(const exit_trace& trace, const exit_costs& costs,
                                        const exit_thresholds& t, std::span<const std::size_t> chosen,
                                        exit_loss loss = exit_loss::accuracy_gap) {
  const std::vector<double> path = path_costs(costs, t);
  exit_outcome mean{.left_at = std::vector<double>(trace.exits())};
  for (const std::size_t i : chosen) {
    const std::size_t e = trace.exit_of(i, t);
    mean.cost += path[e];
    mean.loss += trace.loses(loss, e, i) ? 1.0 : 0.0;
    mean.accuracy += trace.right(e, i) ? 1.0 : 0.0;
    mean.left_at[e] += 1.0;
  }
  const double n = static_cast<double>(chosen.size());
  for (double* const sum : {&mean.cost, &mean.loss, &mean.accuracy}) *sum /= n;
  for (double& share : mean.left_at) share /= n;
  return mean;
}

}  // namespace flexdnn
