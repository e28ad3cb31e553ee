// SPDX-License-Identifier: MIT
// exit_trace: a trace of three exits by hand: losses, paths, and what leaves where.
#include <flexdnn/calibrate/exit_trace.hpp>

#include <doctest/doctest.h>

#include <array>
#include <numeric>

#include <flexdnn/calibrate/threshold.hpp>

using namespace flexdnn;

namespace {

exit_trace three_exits() {
  exit_trace t(3);
  t.add(std::array{1, 1, 1}, std::array{0.9F, 0.8F, 1.0F}, 1);   // right everywhere
  t.add(std::array{2, 1, 1}, std::array{0.6F, 0.9F, 1.0F}, 1);   // wrong at the first
  t.add(std::array{2, 2, 3}, std::array{0.5F, 0.5F, 1.0F}, 2);   // wrong at the last alone
  t.add(std::array{0, 1, 2}, std::array{0.3F, 0.95F, 1.0F}, 3);  // wrong everywhere
  return t;
}

const exit_costs three_costs{.trunk = {10.0, 20.0, 30.0}, .branch = {1.0, 2.0, 0.0}};
const frame_set four_frames{0, 1, 2, 3};

}  // namespace

TEST_CASE("losses") {
  const exit_trace t = three_exits();
  const auto of = [&](exit_loss loss, std::size_t exit) {
    std::vector<int> each;
    for (const std::size_t i : four_frames) each.push_back(t.loses(loss, exit, i) ? 1 : 0);
    return each;
  };
  CHECK(of(exit_loss::wrong, 0) == std::vector{0, 1, 0, 1});
  CHECK(of(exit_loss::accuracy_gap, 0) == std::vector{0, 1, 0, 0});
  CHECK(of(exit_loss::disagreement, 0) == std::vector{0, 1, 1, 1});
  CHECK(of(exit_loss::disagreement, 2) == std::vector{0, 0, 0, 0});
}

TEST_CASE("a branch costs what it costs wherever it is passed, and nothing where it is not") {
  CHECK(path_costs(three_costs, {0.5F, 0.5F}) == std::vector{11.0, 23.0, 33.0});
  CHECK(path_costs(three_costs, {no_exit, 0.5F}) == std::vector{10.0, 22.0, 32.0});
  CHECK(path_costs(three_costs, {never_leave, no_exit}) == std::vector{11.0, 21.0, 31.0});
  CHECK(three_costs.backbone() == 30.0);
}

TEST_CASE("frames leave at the first exit whose confidence exceeds its threshold") {
  const exit_trace t = three_exits();
  CHECK(t.exit_of(0, {0.9F, 0.7F}) == 1);  // 0.9 does not exceed 0.9
  CHECK(t.exit_of(0, {0.8F, 0.7F}) == 0);
  CHECK(t.exit_of(3, {no_exit, never_leave}) == 2);
  CHECK(t.exit_of(3, {always_leave, never_leave}) == 0);
}

TEST_CASE("means over the frames chosen") {
  const exit_trace t = three_exits();
  const exit_outcome o = apply(t, three_costs, {0.55F, 0.9F}, four_frames);
  CHECK(o.left_at == std::vector{0.5, 0.25, 0.25});
  CHECK(o.cost == doctest::Approx((11.0 + 11.0 + 33.0 + 23.0) / 4));
  CHECK(o.loss == doctest::Approx(0.25));  // frame 1
  CHECK(o.accuracy == doctest::Approx(0.25));
  const exit_outcome one = apply(t, three_costs, {0.55F, 0.9F}, frame_set{2}, exit_loss::wrong);
  CHECK(one.loss == doctest::Approx(1.0));
  CHECK(one.left_at == std::vector{0.0, 0.0, 1.0});
}
