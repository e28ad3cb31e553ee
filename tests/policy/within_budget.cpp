// SPDX-License-Identifier: MIT
// within_budget: no frame spends more than it may, and none leaves before it has to.
#include <flexdnn/policy/within_budget.hpp>

#include <limits>

#include "policies.hpp"

namespace within_budget_test {

using namespace flexdnn;

constexpr std::array<std::uint64_t, 4> costs{10, 25, 60, 100};

struct never {
  verdict operator()(const evidence&) const noexcept { return {false, 0.25F}; }
};
struct from_second {
  verdict operator()(const evidence& e) const noexcept { return {e.exit >= 1, 0.5F, 2}; }
};

/// A clock that somebody else moves.
struct clock_meter {
  const std::uint64_t* now;
  std::uint64_t operator()(const evidence&) const noexcept { return *now; }
};

/// Where a frame leaves that spends as the path says.
template <class Policy>
int leaves_at(Policy chosen) {
  for (int exit = 0;; ++exit) {
    const evidence e{.logits = {}, .exit = exit, .exits = 4, .macs = costs[std::size_t(exit)]};
    if (chosen(e).leave || exit == 3) return exit;
  }
}

TEST_CASE("the last exit that the budget reaches answers; the first whatever it costs") {
  frame_budget<4> budget{costs};
  const within_budget<never, 4> chosen(budget);
  for (std::uint64_t& b = budget.until; b < 130; ++b) {
    const int expected = b >= 100 ? 3 : b >= 60 ? 2 : b >= 25 ? 1 : 0;
    CHECK(leaves_at(chosen) == expected);
  }
  budget.until = std::numeric_limits<std::uint64_t>::max();
  CHECK(leaves_at(chosen) == 3);
}

TEST_CASE("the policy within leaves earlier where it is sure, and its verdict is passed on") {
  frame_budget<4> budget{costs, 1000};
  within_budget<from_second, 4> chosen(budget);
  CHECK(leaves_at(chosen) == 1);
  const verdict v = chosen(evidence{.logits = {}, .exit = 1, .macs = 25});
  CHECK(v.leave);
  CHECK(v.confidence == 0.5F);
  CHECK(v.label == 2);
  budget.until = 12;
  CHECK(leaves_at(chosen) == 0);
}

TEST_CASE("a deadline on a clock: what counts is the time that is left, however the frame came here") {
  std::uint64_t now = 1000;
  const frame_budget<4> budget{costs, 1050};
  within_budget<never, 4, clock_meter> chosen(budget, {}, clock_meter{&now});
  const auto leaves = [&](int exit) { return chosen(evidence{.logits = {}, .exit = exit}).leave; };
  CHECK_FALSE(leaves(0));  // 15 more until the next: 1015
  now = 1036;
  CHECK(leaves(0));
  now = 1015;
  CHECK_FALSE(leaves(1));  // 35 more: just in time
  now = 1016;
  CHECK(leaves(1));
  now = 2000;
  CHECK(leaves(2));
  CHECK_FALSE(leaves(3));  // the final exit answers anyway
}

}  // namespace within_budget_test
