// SPDX-License-Identifier: MIT
// policy_replay: what any policy, one over time too, would have made of frames, from the logits of all exits.
#pragma once

#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include "../policy/evidence.hpp"
#include "loss_table.hpp"

namespace flexdnn {

/// Logits of every exit on some frames, added in the order in which a stream brings them. Frames are numbered
/// as they were added, exits from 0; the last is the final one.
class logit_trace {
 public:
  logit_trace(std::size_t exits, std::size_t classes) : exits_(exits), classes_(classes) {}

  /// One frame. logits: exits x classes. truth, clip: as in an exit_trace.
  void add(std::span<const float> logits, int truth, int clip) {
    logits_.insert(logits_.end(), logits.begin(), logits.end());
    truth_.push_back(truth);
    clip_.push_back(clip);
    for (std::size_t e = 0; e < exits_; ++e) {
      std::size_t best = 0;
      const std::span<const float> l = logits.subspan(e * classes_, classes_);
      bool finite = true;
      for (std::size_t c = 0; c < classes_; ++c) {
        finite = finite && std::isfinite(l[c]);
        best = l[c] > l[best] ? c : best;
      }
      label_.push_back(static_cast<int>(best));
      finite_.push_back(finite);
    }
  }

  [[nodiscard]] std::size_t exits() const { return exits_; }
  [[nodiscard]] std::size_t frames() const { return truth_.size(); }
  [[nodiscard]] int truth(std::size_t frame) const { return truth_[frame]; }
  [[nodiscard]] int clip(std::size_t frame) const { return clip_[frame]; }
  [[nodiscard]] int label(std::size_t exit, std::size_t frame) const { return label_[frame * exits_ + exit]; }
  [[nodiscard]] bool finite(std::size_t exit, std::size_t frame) const {
    return finite_[frame * exits_ + exit];
  }
  [[nodiscard]] std::span<const float> logits(std::size_t exit, std::size_t frame) const {
    return std::span(logits_).subspan((frame * exits_ + exit) * classes_, classes_);
  }

 private:
  std::size_t exits_, classes_;
  std::vector<float> logits_;  ///< by frame, then exit
  std::vector<int> label_, truth_, clip_;
  std::vector<bool> finite_;
};

struct replayed_answer {
  std::size_t exit = 0;
  int label = 0;

  bool operator==(const replayed_answer&) const = default;
};

/// Asks the policy about `chosen`, in that order, as the engine does. clip: what a policy over time reads; it
/// holds the clip's number while its frames pass. evidence::macs is 0: budgets are not replayed.
template <exit_policy Policy>
[[nodiscard]] std::vector<replayed_answer> replay(const logit_trace& trace,
                                                  std::span<const std::size_t> chosen, Policy policy,
                                                  std::size_t& clip) {
  std::vector<replayed_answer> answers;
  for (const std::size_t i : chosen) {
    clip = static_cast<std::size_t>(trace.clip(i));
    int asked = -1;
    for (std::size_t e = 0; e < trace.exits(); ++e) {
      const bool last = e + 1 == trace.exits();
      verdict v{};
      if (trace.finite(e, i)) {
        v = policy(evidence{trace.logits(e, i), trace.label(e, i), static_cast<int>(e),
                            static_cast<int>(trace.exits()), 0, asked});
        asked = static_cast<int>(e);
      }
      if (!last && !v.leave) continue;
      answers.push_back({e, v.label == verdict::own ? trace.label(e, i) : v.label});
      break;
    }
  }
  return answers;
}

/// Losses of the answers to `chosen`, for a loss_table. An answer is held against the final exit's own, frame
/// by frame, whatever policy gave it.
[[nodiscard]] inline unit_losses losses_of(const logit_trace& trace, std::span<const replayed_answer> answers,
                                           std::span<const std::size_t> chosen, exit_risk risk) {
  std::size_t n = 0;
  return losses_by(
      risk.unit, chosen,
      [&](std::size_t i) {
        const int final_label = trace.label(trace.exits() - 1, i), label = answers[n++].label;
        const bool wrong = label != trace.truth(i);
        if (risk.loss == exit_loss::wrong) return wrong;
        return risk.loss == exit_loss::disagreement ? label != final_label
                                                    : wrong && final_label == trace.truth(i);
      },
      [&](std::size_t i) { return trace.clip(i); });
}

}  // namespace flexdnn
