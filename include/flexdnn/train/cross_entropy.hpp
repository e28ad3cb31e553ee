// SPDX-License-Identifier: MIT
// cross_entropy: the classification loss of a mini-batch, and its gradient.
#pragma once

#include <algorithm>
#include <cmath>
#include <type_traits>

namespace flexdnn {

/// With the target t[k] = smoothing / K + (1 - smoothing) [k == label] over K classes, the mean over n of
///   loss = log sum_k exp(z[k]) - sum_k t[k] z[k],      dlogits[k] = scale (softmax(z)[k] - t[k]) / n.
/// logits z, dlogits: {n, K}, dlogits null: only the loss; labels: {n}, each in [0, K); 0 <= smoothing <= 1.
/// The maximum is taken out before exp, so that no finite logits overflow; the returned loss is a double.
/// `scale` weighs this loss's gradient among others. Where these n are a part of a mini-batch of `whole`
/// images, both are divided by its number: over all parts they sum up.
template <class T, class Label>
[[nodiscard]] double cross_entropy(int n, int classes, const T* logits, const Label* labels, double smoothing,
                                   std::type_identity_t<T>* dlogits, double scale = 1.0, int whole = 0) {
  const int images = whole > 0 ? whole : n;
  double total = 0.0;
  const double even = smoothing / classes;
  for (int sample = 0; sample < n; ++sample, logits += classes) {
    const double top = static_cast<double>(*std::max_element(logits, logits + classes));
    double sum = 0.0;
    double expected = 0.0;
    for (int k = 0; k < classes; ++k) {
      const double target = even + (k == static_cast<int>(labels[sample]) ? 1.0 - smoothing : 0.0);
      const double z = static_cast<double>(logits[k]) - top;
      sum += std::exp(z);
      expected += target * z;
    }
    total += std::log(sum) - expected;
    if (!dlogits) continue;
    for (int k = 0; k < classes; ++k) {
      const double target = even + (k == static_cast<int>(labels[sample]) ? 1.0 - smoothing : 0.0);
      const double z = static_cast<double>(logits[k]) - top;
      dlogits[k] = static_cast<T>(scale * (std::exp(z) / sum - target) / images);
    }
    dlogits += classes;
  }
  return total / images;
}

}  // namespace flexdnn
