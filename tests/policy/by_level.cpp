// SPDX-License-Identifier: MIT
// by_level: the engine follows the level that holds as it is asked.
#include <flexdnn/policy/by_level.hpp>

#include <doctest/doctest.h>

#include <limits>

using namespace flexdnn;

namespace {

struct leaves_after {
  int exit = 0;
  verdict operator()(const evidence& e) const noexcept { return {e.exit >= exit, 0.5F}; }
};

}  // namespace

TEST_CASE("the level that holds answers, from frame to frame; none is beyond the last") {
  std::size_t level = 0;
  const by_level<leaves_after, 3> policy({{{2}, {1}, {0}}}, level);
  const auto first_exit = [&] {
    evidence e{};
    while (!policy(e).leave) ++e.exit;
    return e.exit;
  };
  CHECK(first_exit() == 2);
  level = 1;
  CHECK(first_exit() == 1);
  level = 2;
  CHECK(first_exit() == 0);
  level = std::numeric_limits<std::size_t>::max();
  CHECK(first_exit() == 0);
  level = 0;
  CHECK(first_exit() == 2);
}
