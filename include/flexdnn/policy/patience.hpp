// SPDX-License-Identifier: MIT
// patience: leaves when several exits in a row agree.
#pragma once

#include "evidence.hpp"

namespace flexdnn {

/// Leaves once Count consecutive exits gave the same label (Zhou et al., PABEE, NeurIPS 2020).
/// An exit passed over (NaN, infinity, finish) ends a row.
/// Confidence: exits that agree so far / Count, at most 1. Takes no thresholds.
template <int Count>
class patience {
  static_assert(Count >= 1, "flexdnn: patience counts at least one exit");

 public:
  verdict operator()(const evidence& e) noexcept {
    const bool consecutive = e.previous >= 0 && e.previous + 1 == e.exit;
    agreeing_ = consecutive && e.label == label_ ? agreeing_ + 1 : 1;
    label_ = e.label;
    const float confidence = static_cast<float>(agreeing_) / static_cast<float>(Count);
    return {agreeing_ >= Count, confidence < 1.0F ? confidence : 1.0F};
  }

 private:
  int label_ = 0, agreeing_ = 0;
};

}  // namespace flexdnn
