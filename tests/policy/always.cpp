// SPDX-License-Identifier: MIT
// always_first leaves, always_last never; both report the paper's confidence.
#include <flexdnn/policy/always.hpp>

#include "policies.hpp"

using namespace flexdnn;

TEST_CASE("the two ends") {
  const std::vector logits{2.0F, 0.0F, 1.0F};
  const evidence e = policies::at(logits, 0, 2);
  CHECK(always_first{}(e).leave);
  CHECK_FALSE(always_last{}(e).leave);
  CHECK(always_first{}(e).confidence == entropy_confidence_score::confidence(logits));
  CHECK(always_last{}(e).confidence == entropy_confidence_score::confidence(logits));
  static_assert(reads_exits<always_first> && !reads_exits<always_last>);
  static_assert(exit_policy<always_first> && exit_policy<always_last>);
}
