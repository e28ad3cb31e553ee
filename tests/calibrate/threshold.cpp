// SPDX-License-Identifier: MIT
// Laws of thresholds: ranks by hand, the paper's rule as a limit, and the promise itself by simulation.
#include <doctest/doctest.h>

#include <flexdnn/calibrate/threshold.hpp>
#include <random>

using namespace flexdnn;

namespace {

struct sample {
  std::vector<float> confidence;
  std::vector<std::uint8_t> wrong;
};

/// Confidences whose chance of being wrong falls as they rise.
sample draw(std::size_t n, std::mt19937& random) {
  std::uniform_real_distribution<float> uniform(0.0F, 1.0F);
  sample s;
  for (std::size_t i = 0; i < n; ++i) {
    s.confidence.push_back(uniform(random));
    s.wrong.push_back(uniform(random) < 0.3F * (1.0F - s.confidence.back()) ? 1 : 0);
  }
  return s;
}

double risk_of(float threshold, const sample& pool) {
  double bad = 0.0;
  for (std::size_t i = 0; i < pool.wrong.size(); ++i)
    bad += pool.wrong[i] != 0 && pool.confidence[i] > threshold;
  return bad / static_cast<double>(pool.wrong.size());
}

}  // namespace

TEST_CASE("the paper's rule: no wrong prediction lies above the threshold, and one lies on it") {
  const std::vector<float> confidence{0.9F, 0.2F, 0.7F, 0.6F, 0.95F};
  CHECK(zero_error_threshold(confidence, std::vector<std::uint8_t>{0, 1, 1, 1, 0}) == 0.7F);
  CHECK(zero_error_threshold(confidence, std::vector<std::uint8_t>{0, 0, 0, 0, 0}) == always_leave);
  CHECK(zero_error_threshold(confidence, std::vector<std::uint8_t>{1, 1, 1, 1, 1}) == 0.95F);
}

TEST_CASE("the quantile form picks the rank that its definition says") {
  // n = 9: (1 - risk) 10 is rank 9 at 0.1, 8 at 0.2.
  const std::vector<float> confidence{0.1F, 0.2F, 0.3F, 0.4F, 0.5F, 0.6F, 0.7F, 0.8F, 0.9F};
  const std::vector<std::uint8_t> all_wrong(9, 1), two_wrong{0, 0, 0, 1, 0, 0, 1, 0, 0};
  CHECK(quantile_threshold(confidence, all_wrong, 0.1) == 0.9F);
  CHECK(quantile_threshold(confidence, all_wrong, 0.2) == 0.8F);
  CHECK(quantile_threshold(confidence, all_wrong, 0.15) == 0.9F);
  CHECK(quantile_threshold(confidence, two_wrong, 0.1) == 0.7F);
  CHECK(quantile_threshold(confidence, two_wrong, 0.2) == 0.4F);
  CHECK(quantile_threshold(confidence, two_wrong, 0.3) == always_leave);
}

TEST_CASE("edges: too few frames for a risk, no frames, risks out of range") {
  const std::vector<float> confidence{0.5F, 0.6F};
  const std::vector<std::uint8_t> right{0, 0};
  CHECK(quantile_threshold(confidence, right, 0.3) == never_leave);
  CHECK(quantile_threshold(confidence, right, 0.34) == always_leave);
  CHECK(quantile_threshold({}, {}, 0.5) == never_leave);
  CHECK(quantile_threshold(confidence, right, 0.0) == never_leave);
  CHECK(quantile_threshold(confidence, right, -1.0) == never_leave);
  CHECK(quantile_threshold(confidence, right, std::nan("")) == never_leave);
  CHECK(quantile_threshold(confidence, right, 1.0) == always_leave);
}

TEST_CASE("the paper's rule is the quantile at risk 1 / (n + 1), and more risk never raises a threshold") {
  std::mt19937 random(7);
  for (int round = 0; round < 50; ++round) {
    const sample s = draw(200 + static_cast<std::size_t>(round), random);
    const double n = static_cast<double>(s.wrong.size());
    CHECK(quantile_threshold(s.confidence, s.wrong, 1.0 / (n + 1.0)) ==
          zero_error_threshold(s.confidence, s.wrong));
    float before = never_leave;
    for (double risk = 0.001; risk < 0.5; risk *= 1.3) {
      const float t = quantile_threshold(s.confidence, s.wrong, risk);
      CHECK(t <= before);
      before = t;
    }
  }
}

TEST_CASE(
    "the promise: over calibration sets drawn with replacement, the mean true risk is at most the risk asked "
    "for") {
  std::mt19937 random(11);
  const sample pool = draw(20'000, random);
  std::uniform_int_distribution<std::size_t> any(0, pool.wrong.size() - 1);
  const auto mean_risk = [&](double asked, auto rule) {
    constexpr int rounds = 1000;
    double sum = 0.0, squares = 0.0;
    for (int r = 0; r < rounds; ++r) {
      sample s;
      for (int i = 0; i < 300; ++i) {
        const std::size_t j = any(random);
        s.confidence.push_back(pool.confidence[j]);
        s.wrong.push_back(pool.wrong[j]);
      }
      const double risk = risk_of(rule(s, asked), pool);
      sum += risk;
      squares += risk * risk;
    }
    const double mean = sum / rounds;
    return std::pair{mean, std::sqrt((squares / rounds - mean * mean) / rounds)};
  };
  const auto ours = [](const sample& s, double risk) {
    return quantile_threshold(s.confidence, s.wrong, risk);
  };
  for (const double risk : {1.0 / 301.0, 0.01, 0.05}) {
    const auto [mean, error] = mean_risk(risk, ours);
    CHECK(mean <= risk + 3.0 * error);
    CHECK(mean >= 0.5 * risk);  // not by never leaving
  }
  // A rule that forgets the + 1 spends too much, and this test must see it.
  const auto naive = [](const sample& s, double risk) {
    return quantile_threshold(s.confidence, s.wrong, risk + 2.0 / 301.0);
  };
  const auto [mean, error] = mean_risk(0.01, naive);
  CHECK(mean > 0.01 + 3.0 * error);
}
