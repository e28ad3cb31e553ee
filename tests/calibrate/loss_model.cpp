// SPDX-License-Identifier: MIT
// loss_model: the likelihood's equations, a planted model, and samples that have no finite maximum
// likelihood.
#include <doctest/doctest.h>

#include <cmath>
#include <flexdnn/calibrate/loss_model.hpp>
#include <limits>
#include <random>
#include <vector>

using namespace flexdnn;

namespace {

struct confident_losses {
  std::vector<float> confidence;
  std::vector<std::uint8_t> loses;
};

confident_losses drawn_from(const loss_model& model, std::size_t n, unsigned seed) {
  std::mt19937 random(seed);
  const auto uniform = [&] { return (static_cast<double>(random()) + 0.5) * 0x1p-32; };
  confident_losses s;
  for (std::size_t i = 0; i < n; ++i) {
    s.confidence.push_back(static_cast<float>(uniform()));
    s.loses.push_back(uniform() < model(s.confidence.back()) ? 1 : 0);
  }
  return s;
}

}  // namespace

TEST_CASE("a loss model is a logistic function of the confidence's log-odds") {
  const loss_model m{-1.0, -2.0};
  CHECK(m(0.5F) == doctest::Approx(1.0 / (1.0 + std::exp(1.0))));
  CHECK(m(0.8F) == doctest::Approx(1.0 / (1.0 + std::exp(1.0 + 2.0 * std::log(4.0)))));
  for (const float edge : {0.0F, 1.0F, -3.0F, 7.0F, std::nanf("")}) CHECK(std::isfinite(m(edge)));
  CHECK(m(std::nanf("")) == m(0.0F));
}

TEST_CASE("the fit solves the likelihood's equations: residuals sum to 0, weighted by log-odds too") {
  confident_losses apart;  // where full steps of Newton's method run away
  for (int i = 0; i < 500; ++i) {
    apart.confidence.push_back(i < 490 ? 0.9999999F : 0.01F);
    apart.loses.push_back(i < 490 ? 0 : 1);
  }
  for (const confident_losses& s : {drawn_from({-2.0, -0.7}, 500, 1), apart}) {
    const loss_model m = fit_loss_model(s.confidence, s.loses);
    double k = 0.0, plain = 0.0, weighted = 0.0;
    for (const std::uint8_t l : s.loses) k += l;
    for (std::size_t i = 0; i < s.loses.size(); ++i) {
      const double target = s.loses[i] != 0 ? (k + 1) / (k + 2) : 1 / (500 - k + 2);
      plain += m(s.confidence[i]) - target;
      weighted += (m(s.confidence[i]) - target) * loss_model::log_odds(s.confidence[i]);
    }
    CHECK(std::abs(plain) < 1e-3);
    CHECK(std::abs(weighted) < 1e-3);
  }
}

TEST_CASE("the fit finds a planted model") {
  const confident_losses s = drawn_from({-2.0, -0.7}, 100'000, 2);
  const loss_model m = fit_loss_model(s.confidence, s.loses);
  CHECK(m.intercept == doctest::Approx(-2.0).epsilon(0.03));
  CHECK(m.slope == doctest::Approx(-0.7).epsilon(0.03));
}

TEST_CASE(
    "the fit stays finite: no loss, nothing but losses, losses apart from the others, one frame, none") {
  const std::vector<float> confidence{0.1F, 0.2F, 0.3F, 0.7F, 0.8F, 1.0F};
  using flags = std::vector<std::uint8_t>;
  for (const flags& loses : {flags{0, 0, 0, 0, 0, 0}, flags{1, 1, 1, 1, 1, 1}, flags{1, 1, 1, 0, 0, 0}}) {
    const loss_model m = fit_loss_model(confidence, loses);
    CHECK(std::isfinite(m.intercept));
    CHECK(std::isfinite(m.slope));
    CHECK(m(0.9F) <= m(0.15F) + 1e-9);
  }
  CHECK(fit_loss_model(confidence, flags{0, 0, 0, 0, 0, 0})(0.5F) == doctest::Approx(1.0 / 8.0));
  CHECK(std::isfinite(fit_loss_model(std::vector{0.4F}, flags{1})(0.4F)));
  CHECK(fit_loss_model({}, {})(0.4F) == doctest::Approx(0.5));
}
