// SPDX-License-Identifier: MIT
// audit_log: audited frames, and the boldest level that they certify without labels.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>

#include "../calibrate/p_value.hpp"
#include "../calibrate/risk_level.hpp"
#include "shadow_audit.hpp"

namespace flexdnn {

/// The last Capacity audited frames; no heap.
template <int Exits, std::size_t Capacity>
class audit_log {
  static_assert(Capacity > 0, "flexdnn: a log of no frame");

 public:
  void add(const audited_frame<Exits>& frame) noexcept {
    frames_[next_] = frame;
    next_ = (next_ + 1) % Capacity;
    if (size_ < Capacity) ++size_;
  }
  void clear() noexcept { next_ = size_ = 0; }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] bool full() const noexcept { return size_ == Capacity; }

  /// Frames whose answer would not be the whole network's, had they left by these thresholds, frame by frame.
  [[nodiscard]] std::size_t disagreements(
      const std::array<float, static_cast<std::size_t>(Exits - 1)>& thresholds) const noexcept {
    std::size_t count = 0;
    for (const audited_frame<Exits>& f : std::span(frames_).first(size_)) {
      std::size_t e = 0;
      while (e < thresholds.size() && !(f.confidences[e] > thresholds[e])) ++e;
      count += f.labels[e] != f.labels.back() ? 1U : 0U;
    }
    return count;
  }

  /// Learn-then-Test (Angelopoulos et al., 2021) by fixed-sequence testing, on disagreement: levels are
  /// tested from the first, the safest, each at delta; number of the last before one that fails. The
  /// probability that frames like those logged disagree more often than alpha at the level chosen is at most
  /// delta, if the levels were not made from them. None: not even the first passes.
  [[nodiscard]] std::optional<std::size_t> certified(std::span<const risk_level<Exits>> levels, double alpha,
                                                     double delta) const noexcept {
    std::optional<std::size_t> passed;
    for (std::size_t l = 0; l < levels.size(); ++l) {
      if (!(binomial_p_value(disagreements(levels[l].thresholds), size_, alpha) <= delta)) break;
      passed = l;
    }
    return passed;
  }

 private:
  std::array<audited_frame<Exits>, Capacity> frames_{};
  std::size_t next_ = 0, size_ = 0;
};

}  // namespace flexdnn
