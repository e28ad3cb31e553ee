// SPDX-License-Identifier: MIT
// temporal_average: against the weighted mean written out, and the policy within sees nothing else.
#include <flexdnn/policy/always.hpp>
#include <flexdnn/policy/max_probability.hpp>
#include <flexdnn/policy/temporal_average.hpp>

#include "policies.hpp"

using namespace flexdnn;

namespace temporal_average_laws {

struct recorder {
  std::vector<float>* seen;
  verdict operator()(const evidence& e) const noexcept {
    seen->assign(e.logits.begin(), e.logits.end());
    return {e.exit == 1, 0.5F};
  }
};

}  // namespace temporal_average_laws

using namespace temporal_average_laws;

TEST_CASE("the mean of the answering exits' logits, weighted by decay^age") {
  std::mt19937 random(3);
  std::normal_distribution<float> value(0.0F, 3.0F);
  constexpr double decay = 0.7;
  std::size_t clip = 4;
  std::vector<float> seen;
  temporal_average<5, recorder> p(static_cast<float>(decay), clip, recorder{&seen});
  std::vector<std::vector<float>> answered;
  for (int n = 0; n < 20; ++n) {
    clip = n < 12 ? 4 : 5;
    if (n == 12) answered.clear();
    for (int e = 0; e < 2; ++e) {
      std::vector<float> logits(5);
      for (float& l : logits) l = value(random);
      const verdict v = p(policies::at(logits, e, 3));
      std::vector<double> mean(logits.begin(), logits.end());
      double weights = 1.0, age = decay;
      for (std::size_t b = answered.size(); b-- > 0; age *= decay) {
        for (std::size_t c = 0; c < 5; ++c) mean[c] += age * static_cast<double>(answered[b][c]);
        weights += age;
      }
      for (std::size_t c = 0; c < 5; ++c) {
        CHECK(static_cast<double>(seen[c]) == doctest::Approx(mean[c] / weights).epsilon(1e-5));
      }
      CHECK(v.label == std::ranges::max_element(mean) - mean.begin());
      CHECK(v.confidence == 0.5F);
      if (v.leave) answered.push_back(logits);
    }
  }
}

TEST_CASE("decay 0 is the policy within, bit by bit; extremes stay finite") {
  using within = max_probability<policies::with<2>>;
  for (const std::vector<float>& logits : policies::hard_logits()) {
    if (logits.size() != 3) continue;
    std::size_t clip = 0;
    std::vector<float> seen;
    temporal_average<3, recorder> p(0.0F, clip, recorder{&seen});
    for (int n = 0; n < 3; ++n) {
      (void)p(policies::at(logits, 1, 3));
      CHECK(seen == logits);
    }
    temporal_average<3, within> slow(0.9F, clip, within(thresholds{0.5F}));
    const std::vector<float> others{-3.4e38F, 3.4e38F, -3.4e38F};
    for (int n = 0; n < 6; ++n) {
      const verdict v = slow(policies::at(n % 2 == 0 ? logits : others, 1, 2));
      CHECK(v.confidence >= 0.0F);
      CHECK(v.confidence <= 1.0F);
    }
  }
}

TEST_CASE("one odd frame among many is outvoted") {
  std::size_t clip = 0;
  temporal_average<2, always_first> p(0.8F, clip);
  const std::vector<float> usual{2.0F, 0.0F}, odd{0.0F, 3.0F};
  for (int n = 0; n < 5; ++n) CHECK(p(policies::at(usual, 0, 2)).label == 0);
  CHECK(p(policies::at(odd, 0, 2)).label == 0);
  clip = 1;
  CHECK(p(policies::at(odd, 0, 2)).label == 1);
}
