// SPDX-License-Identifier: MIT
// max_probability: the largest softmax probability.
#include <flexdnn/policy/max_probability.hpp>

#include "policies.hpp"

using namespace flexdnn;

TEST_CASE("max p") {
  policies::agrees([](const auto& logits) { return max_probability_score::confidence(logits); },
                   [](const std::vector<double>& p) { return *std::ranges::max_element(p); });
}
