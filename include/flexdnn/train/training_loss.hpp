// SPDX-License-Identifier: MIT
// training_loss: the loss of all exits together, and its gradient.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "cross_entropy.hpp"
#include "distillation.hpp"

namespace flexdnn {

/// L = sum_i a_i ((1 - d) CE_i + d KD_i) over the exits that are trained, KD_i from another network or from
/// the final exit as it stands, whose own loss is CE alone then. All a_i = 1 and d = 0: the paper's loss.
struct training_loss {
  std::vector<double> weights{};  ///< a_i, exit by exit, the final one too; empty: all 1
  double label_smoothing = 0.0;   ///< share of the target that goes to all classes evenly
  double distillation = 0.0;      ///< d
  double temperature = 3.0;       ///< of the distillation

  /// Of exit e: the weighted loss's gradient, overwritten. Returns CE_e, unweighted, in nats. scores,
  /// teacher's scores: {labels, classes}, the same ones of an exit that nobody teaches. whole: images of the
  /// mini-batch that these are a part of; 0: they are all.
  template <class T, class Label>
  double of_exit(std::size_t e, std::span<const T> scores, std::span<const T> teacher,
                 std::span<const Label> labels, std::vector<T>& dscores, int whole = 0) const {
    const int n = static_cast<int>(labels.size());
    const int classes = static_cast<int>(scores.size() / labels.size());
    const double weight = weights.empty() ? 1.0 : weights[e];
    const double taught = scores.data() == teacher.data() ? 0.0 : distillation;
    dscores.resize(scores.size());
    const double loss = cross_entropy(n, classes, scores.data(), labels.data(), label_smoothing,
                                      dscores.data(), weight * (1.0 - taught), whole);
    if (taught > 0.0) {
      (void)flexdnn::distillation(n, classes, scores.data(), teacher.data(), temperature, dscores.data(),
                                  weight * taught, whole);
    }
    return loss;
  }
};

}  // namespace flexdnn
