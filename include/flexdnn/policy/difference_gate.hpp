// SPDX-License-Identifier: MIT
// difference_gate: the last answer again, while the scene has not moved.
#pragma once

#include <array>
#include <cstddef>

#include "evidence.hpp"
#include "softmax.hpp"

namespace flexdnn {

/// Compares what the first exit makes of a frame with what it made of the reference, the last frame that
/// Policy itself answered: where their softmaxes differ by less than the threshold (total variation, 0 to 1),
/// the frame leaves with the reference's label and confidence, from whichever exit these were. The reference
/// stays, so that a scene which drifts cannot take the label with it. At 0 or below, and NaN, none leaves so.
///
/// For video: `clip` is a number that the caller, or scene_cut, changes where another video, or object,
/// begins; it is read at each frame and outlives the policy. A frame whose exits gave NaN is compared with
/// nothing.
template <int Classes, exit_policy Policy>
class difference_gate {
 public:
  constexpr difference_gate(float threshold, const std::size_t& clip, const Policy& policy = {})
      : threshold_(threshold), clip_(&clip), policy_(policy) {}

  verdict operator()(const evidence& e) noexcept {
    evidence asked = e;
    if (e.previous < 0) {
      softmax(e.logits, seen_);
      seen_at_ = e.exit;
      const bool known = reference_at_ == e.exit && reference_clip_ == *clip_;
      passed_ = known && total_variation(seen_, reference_) < threshold_;
      if (passed_) return {true, confidence_, label_};
    } else if (passed_) {
      // It goes on after all: Policy sees it now for the first time.
      passed_ = false;
      asked.previous = -1;
    }
    const verdict v = policy_(asked);
    if (v.leave || e.exit + 1 == e.exits) {
      reference_ = seen_, reference_at_ = seen_at_, reference_clip_ = *clip_;
      label_ = v.label == verdict::own ? e.label : v.label;
      confidence_ = v.confidence;
    }
    return v;
  }

 private:
  std::array<float, static_cast<std::size_t>(Classes)> seen_{}, reference_{};
  float threshold_;
  const std::size_t* clip_;
  std::size_t reference_clip_ = 0;
  [[no_unique_address]] Policy policy_;
  int seen_at_ = 0, reference_at_ = -1;  ///< -1: there is none
  int label_ = 0;
  float confidence_ = 0.0F;
  bool passed_ = false;
};

}  // namespace flexdnn
