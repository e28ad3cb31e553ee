// SPDX-License-Identifier: MIT
// loss_model: the probability that an answer loses, as a function of the exit's confidence.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

namespace flexdnn {

/// P(loss | confidence) = 1 / (1 + exp(-(intercept + slope x))), x = log(confidence / (1 - confidence)): a
/// scaling of log-odds after Platt (1999). Two numbers an exit, so that a thousand frames with five losses
/// among them do not decide by where those five happen to lie.
struct loss_model {
  double intercept = 0.0, slope = 0.0;

  [[nodiscard]] static double log_odds(float confidence) {
    constexpr double edge = 1e-7;  // next to 1 as a float
    const double c = confidence > 0.0F ? std::clamp(static_cast<double>(confidence), edge, 1.0 - edge) : edge;
    return std::log(c) - std::log1p(-c);
  }

  [[nodiscard]] double operator()(float confidence) const {
    return 1.0 / (1.0 + std::exp(-(intercept + slope * log_odds(confidence))));
  }
};

namespace detail {

/// Of loss models, for one set of frames: the negative log-likelihood, its gradient and its Hessian.
struct likelihood {
  double value = 0.0, g0 = 0.0, g1 = 0.0, h00 = 1e-12, h01 = 0.0, h11 = 1e-12;

  void add(const loss_model& m, float confidence, double target) {
    const double x = loss_model::log_odds(confidence), z = m.intercept + m.slope * x;
    const double p = 1.0 / (1.0 + std::exp(-z)), w = p * (1.0 - p);
    value += std::max(z, 0.0) + std::log1p(std::exp(-std::abs(z))) - target * z;
    g0 += p - target;
    g1 += (p - target) * x;
    h00 += w;
    h01 += w * x;
    h11 += w * x * x;
  }
};

}  // namespace detail

/// Maximum likelihood, by Newton's method with step halving (Lin, Lin and Weng, 2007). confidence, loses: one
/// each a frame. As in Platt, the k frames that lose count as (k + 1) / (k + 2), the others as 1 / (n - k +
/// 2): so the estimate is finite also where confidence tells them apart without error, or none loses.
[[nodiscard]] inline loss_model fit_loss_model(std::span<const float> confidence,
                                               std::span<const std::uint8_t> loses) {
  const double n = static_cast<double>(loses.size());
  const double k = n - static_cast<double>(std::count(loses.begin(), loses.end(), std::uint8_t{0}));
  const auto at = [&](const loss_model& m) {
    detail::likelihood sum;
    for (std::size_t i = 0; i < loses.size(); ++i) {
      sum.add(m, confidence[i], loses[i] != 0 ? (k + 1.0) / (k + 2.0) : 1.0 / (n - k + 2.0));
    }
    return sum;
  };
  loss_model model{.intercept = std::log((k + 1.0) / (n - k + 1.0))};
  detail::likelihood here = at(model);
  for (int iteration = 0; iteration < 100; ++iteration) {
    const double det = here.h00 * here.h11 - here.h01 * here.h01;
    double d0 = (here.h01 * here.g1 - here.h11 * here.g0) / det;
    double d1 = (here.h01 * here.g0 - here.h00 * here.g1) / det;
    // What the step gains: below 1e-10 it moves the estimate by less than 1e-4 of its standard error.
    if (!(-(here.g0 * d0 + here.g1 * d1) > 1e-10)) break;
    loss_model next{model.intercept + d0, model.slope + d1};
    detail::likelihood there = at(next);
    for (int halving = 0; halving < 40 && !(there.value < here.value); ++halving) {
      d0 *= 0.5, d1 *= 0.5;
      next = {model.intercept + d0, model.slope + d1};
      there = at(next);
    }
    if (!(there.value < here.value)) break;
    model = next;
    here = there;
  }
  return model;
}

}  // namespace flexdnn
