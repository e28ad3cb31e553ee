// SPDX-License-Identifier: MIT
// distillation: an early exit learns what the final one says.
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

namespace flexdnn {

/// The mean over n of loss = T^2 sum_k p[k] log(p[k] / q[k]), p = softmax(teacher / T), q = softmax(logits /
/// T) (Hinton et al. 2015); dlogits[k] += scale T (q[k] - p[k]) / n. The teacher stands still. logits,
/// teacher, dlogits: {n, K}; temperature T > 0. whole: as of cross_entropy.
template <class T>
[[nodiscard]] double distillation(int n, int classes, const T* logits, const T* teacher, double temperature,
                                  T* dlogits, double scale = 1.0, int whole = 0) {
  const auto log_softmax = [&](const T* z, std::vector<double>& out) {
    const double top = static_cast<double>(*std::max_element(z, z + classes));
    double sum = 0.0;
    for (double& o : out) {
      o = (static_cast<double>(*z++) - top) / temperature;
      sum += std::exp(o);
    }
    for (double& o : out) o -= std::log(sum);
  };
  std::vector<double> p(static_cast<std::size_t>(classes)), q(p.size());
  const int images = whole > 0 ? whole : n;
  double total = 0.0;
  for (int sample = 0; sample < n; ++sample) {
    log_softmax(teacher, p);
    log_softmax(logits, q);
    for (std::size_t k = 0; k < p.size(); ++k) {
      const double wanted = std::exp(p[k]);
      total += wanted * (p[k] - q[k]);
      dlogits[k] += static_cast<T>(scale * temperature * (std::exp(q[k]) - wanted) / images);
    }
    logits += classes, teacher += classes, dlogits += classes;
  }
  return temperature * temperature * total / images;
}

}  // namespace flexdnn
