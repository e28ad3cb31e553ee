// SPDX-License-Identifier: MIT
// always_first and always_last: the two fixed ends that every other policy lies between.
#pragma once

#include "entropy_confidence.hpp"

namespace flexdnn {

/// Leaves at the first exit: the cheapest answer.
struct always_first {
  verdict operator()(const evidence& e) const noexcept {
    return {true, entropy_confidence_score::confidence(e.logits)};
  }
};

/// Never leaves early and never computes a branch: the backbone.
struct always_last {
  static constexpr bool reads_exits = false;
  verdict operator()(const evidence& e) const noexcept {
    return {false, entropy_confidence_score::confidence(e.logits)};
  }
};

}  // namespace flexdnn
