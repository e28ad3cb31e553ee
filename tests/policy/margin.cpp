// SPDX-License-Identifier: MIT
// margin: the best probability less the second.
#include <flexdnn/policy/margin.hpp>

#include "policies.hpp"

using namespace flexdnn;

TEST_CASE("p1 - p2") {
  policies::agrees([](const auto& logits) { return margin_score::confidence(logits); },
                   [](std::vector<double> p) {
                     std::ranges::sort(p, std::greater<>());
                     return p[0] - (p.size() > 1 ? p[1] : 0.0);
                   });
}

TEST_CASE("two that are equally good have no margin") {
  CHECK(margin_score::confidence(std::vector{7.0F, -2.0F, 7.0F}) == 0.0F);
}
