// SPDX-License-Identifier: MIT
// loss_table: losses of frames and of clips by hand.
#include <doctest/doctest.h>

#include <array>
#include <flexdnn/calibrate/loss_table.hpp>
#include <flexdnn/calibrate/threshold.hpp>

using namespace flexdnn;

TEST_CASE("a frame's loss is 0 or 1, a clip's the mean over those of its frames that were chosen") {
  exit_trace t(2);
  t.add(std::array{2, 1}, std::array{0.9F, 1.0F}, 1, 8);  // loses at the first exit
  t.add(std::array{1, 1}, std::array{0.8F, 1.0F}, 1, 3);
  t.add(std::array{2, 1}, std::array{0.5F, 1.0F}, 1, 8);  // would, if it left
  t.add(std::array{3, 2}, std::array{0.7F, 1.0F}, 1, 8);  // disagrees; both are wrong
  const frame_set all{0, 1, 2, 3};
  const exit_thresholds at{0.6F};
  CHECK(losses_of(t, at, all, {exit_loss::accuracy_gap, exit_unit::frame}) == unit_losses{1, 0, 0, 0});
  CHECK(losses_of(t, at, all, {exit_loss::disagreement, exit_unit::frame}) == unit_losses{1, 0, 0, 1});
  CHECK(losses_of(t, at, all, {exit_loss::wrong, exit_unit::frame}) == unit_losses{1, 0, 0, 1});
  CHECK(losses_of(t, at, all, {exit_loss::accuracy_gap, exit_unit::clip}) == unit_losses{0, 1.0 / 3.0});
  CHECK(losses_of(t, at, frame_set{3, 0}, {exit_loss::accuracy_gap, exit_unit::clip}) == unit_losses{0.5});

  const std::array<pareto_point, 2> path{pareto_point{{never_leave}}, pareto_point{at}};
  const loss_table clips = tabulate(t, path, all, {exit_loss::disagreement, exit_unit::clip});
  CHECK(clips.fractional);
  CHECK(clips.settings == std::vector<unit_losses>{{0, 0}, {0, 2.0 / 3.0}});
  CHECK(mean_loss(clips.settings[1]) == doctest::Approx(1.0 / 3.0));
  CHECK_FALSE(tabulate(t, path, all, {}).fractional);
}
