// SPDX-License-Identifier: MIT
// softmax: probabilities against double, without overflow.
#include <flexdnn/policy/softmax.hpp>

#include "policies.hpp"

using namespace flexdnn;

TEST_CASE("probabilities and entropy") {
  for (const std::vector<float>& logits : policies::hard_logits()) {
    const std::vector<double> wanted = policies::softmax(logits);
    std::vector<float> got(logits.size());
    softmax(logits, got);
    double worst = 0, entropy = 0;
    for (std::size_t i = 0; i < got.size(); ++i) {
      worst = std::max(worst, std::abs(static_cast<double>(got[i]) - wanted[i]));
      entropy -= wanted[i] > 0 ? wanted[i] * std::log(wanted[i]) : 0;
    }
    CHECK(worst < 5e-6);  // differences of large logits are rounded before exp
    CHECK(std::abs(static_cast<double>(statistics_of(logits).entropy) - entropy) < 1e-5);
  }
}

TEST_CASE("total variation: 0 of equals, 1 of strangers, symmetric") {
  const std::vector p{0.5F, 0.5F, 0.0F}, q{0.0F, 0.25F, 0.75F}, r{0.0F, 0.0F, 1.0F};
  CHECK(total_variation(p, p) == 0.0F);
  CHECK(total_variation(p, r) == 1.0F);
  CHECK(total_variation(p, q) == doctest::Approx(0.75F));
  CHECK(total_variation(p, q) == total_variation(q, p));
}
