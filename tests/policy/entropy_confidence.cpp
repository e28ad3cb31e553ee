// SPDX-License-Identifier: MIT
// entropy_confidence: the paper's formula, in [0, 1] for every finite logit.
#include <flexdnn/policy/entropy_confidence.hpp>

#include "policies.hpp"

using namespace flexdnn;

TEST_CASE("1 + sum p log p / log C") {
  policies::agrees([](const auto& logits) { return entropy_confidence_score::confidence(logits); },
                   [](const std::vector<double>& p) {
                     double sum = 0;
                     for (const double x : p) sum += x > 0 ? x * std::log(x) : 0;
                     return p.size() < 2 ? 1.0 : 1 + sum / std::log(static_cast<double>(p.size()));
                   });
}

TEST_CASE("equal logits are no confidence, a certain one is all of it") {
  CHECK(entropy_confidence_score::confidence(std::vector{4.0F, 4.0F, 4.0F}) < 1e-6F);
  CHECK(entropy_confidence_score::confidence(std::vector{1e30F, 0.0F, 0.0F}) == 1.0F);
}
