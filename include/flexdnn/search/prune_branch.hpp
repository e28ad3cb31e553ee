// SPDX-License-Identifier: MIT
// prune_branch: the top-down search of a branch: what may be taken from it next, and whether it is better
// without.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "branch_score.hpp"
#include "branch_surgery.hpp"

namespace flexdnn {

enum class pruning_rule : std::uint8_t {
  expected_cost,  ///< a removal stays where frames cost less on average: a small loss of exits for a large
                  ///< saving
  exit_rate,      ///< the paper's (Fang et al. 2020): where the exit rate does not drop
};

/// tolerance: by how much, as a share of the score before, it may be worse. (The paper gives none.)
[[nodiscard]] inline bool accepts(pruning_rule rule, const branch_score& before, const branch_score& after,
                                  double tolerance = 0.0) {
  if (rule == pruning_rule::exit_rate) return after.rate >= before.rate * (1.0 - tolerance);
  return after.expected_cost <= before.expected_cost * (1.0 + tolerance);
}

/// A layer or some channels that can go.
struct branch_removal {
  std::size_t stage = 0;
  int channels = 0;  ///< that the stage keeps; 0: the stage goes

  [[nodiscard]] std::string text() const {
    const std::string which = "convolution " + std::to_string(stage);
    return channels == 0 ? "without " + which : which + " with " + std::to_string(channels) + " channels";
  }
  friend bool operator==(const branch_removal&, const branch_removal&) = default;
};

/// The candidate after a removal. Poolings that no convolution follows go too: global pooling does their
/// work.
[[nodiscard]] inline branch_candidate after_removal(const branch_candidate& c, const branch_removal& r,
                                                    random_generator& random) {
  if (r.channels > 0) return narrowed(c, r.stage, r.channels);
  branch_candidate less = without_stage(c, r.stage, random);
  while (!less.design.stages.empty() && less.design.stages.back().what == branch_stage::kind::pooled) {
    less.design.stages.pop_back();
  }
  return less;
}

/// All removals of one step: a quarter of a convolution's channels, to whole multiples of 8 as vectors want
/// them; then whole convolutions, which cost most exits. Of each kind those that save most first.
[[nodiscard]] inline std::vector<branch_removal> removals(const branch_candidate& c) {
  std::vector<branch_removal> all;
  for (std::size_t s = 0; s < c.design.stages.size(); ++s) {
    if (c.design.stages[s].what != branch_stage::kind::separable) continue;
    all.push_back({s, 0});
    const int fewer = c.design.stages[s].channels * 3 / 4 / 8 * 8;
    if (fewer >= 8) all.push_back({s, fewer});
  }
  std::ranges::stable_sort(all, {}, [&](const branch_removal& r) {
    random_generator unused(0);
    return std::pair(r.channels == 0, after_removal(c, r, unused).design.macs());
  });
  return all;
}

/// The search of one branch, step by step, for a caller that trains many together:
///   while (!s.done()) { branch_candidate c = s.propose(random); train(c); s.judge(c, score of c, ...); }
class branch_search {
 public:
  struct step {
    branch_removal removal;
    std::uint64_t macs = 0;  ///< of the branch with it
    branch_score score;
    bool accepted = false;
  };

  branch_search(branch_candidate start, const branch_score& score) : best_(std::move(start)), score_(score) {
    next_ = removals(best_);
  }

  /// Taken up again after steps that led to `best`.
  branch_search(branch_candidate best, const branch_score& score, std::vector<step> steps)
      : branch_search(std::move(best), score) {
    steps_ = std::move(steps);
    std::size_t refused = 0;  // since something was removed
    while (refused < steps_.size() && !steps_[steps_.size() - 1 - refused].accepted) ++refused;
    next_.erase(next_.begin(), next_.begin() + static_cast<std::ptrdiff_t>(std::min(refused, next_.size())));
  }

  /// Every removal from the best branch so far was refused.
  [[nodiscard]] bool done() const { return next_.empty(); }
  [[nodiscard]] const branch_candidate& best() const { return best_; }
  [[nodiscard]] const branch_score& score() const { return score_; }
  [[nodiscard]] const std::vector<step>& steps() const { return steps_; }

  [[nodiscard]] branch_candidate propose(random_generator& random) const {
    return after_removal(best_, next_.front(), random);
  }

  /// `trained`: what propose gave, retrained. best_again: the score of the best so far after as much more
  /// training, so that more training is not taken for a better architecture.
  void judge(branch_candidate trained, const branch_score& score, const branch_score& best_again,
             pruning_rule rule, double tolerance) {
    score_ = best_again;
    steps_.push_back({next_.front(), trained.design.macs(), score, accepts(rule, score_, score, tolerance)});
    if (!steps_.back().accepted) {
      next_.erase(next_.begin());
      return;
    }
    best_ = std::move(trained);
    score_ = score;
    next_ = removals(best_);
  }

  /// The best so far, trained further.
  void replace(std::vector<float> parameters) { best_.parameters = std::move(parameters); }

 private:
  branch_candidate best_;
  branch_score score_;
  std::vector<branch_removal> next_;
  std::vector<step> steps_;
};

}  // namespace flexdnn
