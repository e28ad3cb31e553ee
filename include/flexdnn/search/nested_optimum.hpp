// SPDX-License-Identifier: MIT
// nested_optimum: the exits that cost least where exits nest, by dynamic programming over the last one kept.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "../calibrate/exit_trace.hpp"

namespace flexdnn {

/// Candidates that planners take: a bit each in 64, and one for the final exit.
inline constexpr std::size_t most_candidates = 63;

/// Chooses among the candidates from `first` on, for `frames` frames of which left[k] would have left by exit
/// k, whichever other exits are kept. O(n^2).
///   added(i) = min(0, min over k > i: (frames - left_i) branch_k - (left_k - left_i) (backbone - trunk_k) +
///   added(k))
class nested_optimum {
 public:
  nested_optimum(const exit_costs& costs, std::size_t first, double frames, std::span<const double> left)
      : end_(left.size()) {
    const auto continue_from = [&](std::size_t from, double gone) {
      choice best{0.0, end_};
      for (std::size_t k = from; k < end_; ++k) {
        const double added = (frames - gone) * costs.branch[k] -
                             (left[k] - gone) * (costs.backbone() - costs.trunk[k]) + after_[k].added;
        if (added < best.added) best = {added, k};
      }
      return best;
    };
    for (std::size_t i = end_; i-- > first;) after_[i] = continue_from(i + 1, left[i]);
    start_ = continue_from(first, 0.0);
  }

  /// To what the backbone costs these frames; never above 0.
  [[nodiscard]] double added() const { return start_.added; }

  [[nodiscard]] std::vector<std::size_t> kept() const {
    std::vector<std::size_t> exits;
    for (std::size_t k = start_.next; k < end_; k = after_[k].next) exits.push_back(k);
    return exits;
  }

 private:
  struct choice {
    double added;
    std::size_t next;
  };

  std::size_t end_;
  choice start_;
  std::array<choice, most_candidates> after_;  ///< once exit k is kept
};

}  // namespace flexdnn
