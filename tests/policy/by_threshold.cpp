// SPDX-License-Identifier: MIT
// by_threshold: leaves strictly above the exit's own threshold, never by it at the final exit.
#include <flexdnn/policy/by_threshold.hpp>

#include "policies.hpp"

using namespace flexdnn;

namespace {

/// A score of one's own: the first logit.
struct first_logit {
  static float confidence(std::span<const float> logits) noexcept { return logits[0]; }
};
using policy = by_threshold<policies::with<3>, first_logit>;
static_assert(exit_policy<policy>);

}  // namespace

TEST_CASE("strictly above, exit by exit") {
  const policy p(thresholds{0.5F, 0.25F});
  for (const float c : {0.0F, 0.25F, 0.26F, 0.5F, 0.51F, 1.0F}) {
    const std::vector logits{c, 0.0F};
    CHECK(p(policies::at(logits, 0, 3)).leave == (c > 0.5F));
    CHECK(p(policies::at(logits, 1, 3)).leave == (c > 0.25F));
    CHECK_FALSE(p(policies::at(logits, 2, 3)).leave);
    CHECK(p(policies::at(logits, 2, 3)).confidence == c);
  }
}

TEST_CASE("a threshold of 1, and one that is no number, keep every frame in") {
  const policy p(thresholds{1.0F, std::nanf("")});
  const std::vector sure{1.0F, 0.0F};
  CHECK_FALSE(p(policies::at(sure, 0, 3)).leave);
  CHECK_FALSE(p(policies::at(sure, 1, 3)).leave);
}

TEST_CASE("a network with one exit takes no thresholds") {
  const by_threshold<policies::with<1>, first_logit> p(thresholds{});
  CHECK_FALSE(p(policies::at({0.9F}, 0, 1)).leave);
}
