// SPDX-License-Identifier: MIT
// cheapest_subset: the exits that cost the frames of a trace least, by branch and bound; exits need not nest.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include "../calibrate/exit_trace.hpp"
#include "insertion_plan.hpp"
#include "nested_optimum.hpp"

namespace flexdnn {

/// Exact. Decides exit by exit. What the rest can save is bounded as if, at each exit kept, all those frames
/// left that any undecided exit up to there would let go: no choice lets more of them go by then, and, as
/// trunk costs do not fall, none saves more by letting them go later. That relaxed network nests, so
/// nested_optimum gives its least cost; where exits nest it is the network itself.
/// Time, one core of an EPYC (Zen 5), 5,000 simulated frames: up to 0.01 s for 13 candidates, 0.1 s for 27,
/// and 4 s for 27 under a limit that binds. In the worst case it grows as 2^n.
class cheapest_subset {
 public:
  /// At most most_candidates thresholds; trunk costs must not fall from exit to exit.
  cheapest_subset(const exit_trace& trace, const exit_thresholds& t, const exit_costs& costs,
                  std::span<const std::size_t> chosen, const loss_limit& limit)
      : costs_(costs),
        end_(t.size()),
        // One part in 10^9 forgives the rounding of a limit that is a whole number of frames.
        losses_allowed_((limit.most + 1e-9) * static_cast<double>(chosen.size())),
        tolerance_(1e-12 * costs.backbone() * static_cast<double>(chosen.size())) {
    std::map<std::pair<std::uint64_t, std::uint64_t>, std::size_t> alike;
    for (const std::size_t frame : chosen) {
      // What a frame would lose where it stays says nothing: kept, it splits patterns, and 4 s become 19.
      std::uint64_t leaves = 0, loses = 0;
      for (std::size_t e = 0; e <= end_; ++e) {
        const std::uint64_t bit = std::uint64_t{1} << e;
        if (e < end_ && !(trace.confidence(e, frame) > t[e])) continue;
        leaves |= bit;
        if (limit.most < 1.0 && trace.loses(limit.loss, e, frame)) loses |= bit;
      }
      ++alike[{leaves, loses}];
    }
    std::vector<pattern> all;
    for (const auto& [masks, frames] : alike) all.push_back({masks.first, masks.second, frames});
    left_.resize(end_);
    visit(0, all, 0.0, 0);
  }

  /// None where no choice keeps the limit.
  [[nodiscard]] const std::vector<std::size_t>& kept() const { return best_; }

 private:
  /// Frames that leave at the same exits and lose at the same: bit e for exit e.
  struct pattern {
    std::uint64_t leaves, loses;
    std::size_t frames;
  };

  /// Decides the exits from `next` on for the frames still in.
  void visit(std::size_t next, std::span<pattern> in, double added, std::size_t lost) {
    if (hopeless(next, in, added, lost)) return;
    if (next == end_) {
      least_ = added;
      best_ = kept_;
      return;
    }
    const auto leavers =
        std::partition(in.begin(), in.end(), [&](const pattern& p) { return (p.leaves >> next & 1) == 0; });
    const auto stay = static_cast<std::size_t>(leavers - in.begin());
    std::size_t frames = 0, leaving = 0, losing = 0;
    for (const pattern& p : in) frames += p.frames;
    for (const pattern& p : in.subspan(stay)) {
      leaving += p.frames;
      losing += (p.loses >> next & 1) * p.frames;
    }
    if (leaving > 0) {
      kept_.push_back(next);
      visit(next + 1, in.first(stay),
            added + static_cast<double>(frames) * costs_.branch[next] -
                static_cast<double>(leaving) * (costs_.backbone() - costs_.trunk[next]),
            lost + losing);
      kept_.pop_back();
    }
    visit(next + 1, in, added, lost);
  }

  /// Whether no plan that begins so is cheaper than the best one and keeps the limit.
  bool hopeless(std::size_t next, std::span<const pattern> in, double added, std::size_t lost) {
    std::fill(left_.begin(), left_.end(), 0.0);
    double frames = 0.0;
    for (const pattern& p : in) {
      const std::uint64_t choices = p.leaves >> next;
      if ((choices & ~(p.loses >> next)) == 0) lost += p.frames;  // wherever it leaves
      const std::size_t first = next + static_cast<std::size_t>(std::countr_zero(choices));
      if (first < end_) left_[first] += static_cast<double>(p.frames);
      frames += static_cast<double>(p.frames);
    }
    if (static_cast<double>(lost) > losses_allowed_) return true;
    for (std::size_t k = next + 1; k < end_; ++k) left_[k] += left_[k - 1];
    return added + nested_optimum(costs_, next, frames, left_).added() >= least_ - tolerance_;
  }

  const exit_costs& costs_;
  std::size_t end_;
  double losses_allowed_, tolerance_;
  std::vector<double> left_;
  std::vector<std::size_t> kept_, best_;
  double least_ = std::numeric_limits<double>::infinity();
};

}  // namespace flexdnn
