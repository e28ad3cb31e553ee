// SPDX-License-Identifier: MIT
// calibrate: the promise for whole networks along a searched path, what is done where nothing passes, and
// refusals.
#include <doctest/doctest.h>

#include <flexdnn/calibrate/calibrate.hpp>
#include <flexdnn/calibrate/threshold_path.hpp>
#include <string_view>

#include "simulation.hpp"

using namespace flexdnn;

namespace {

const exit_costs four_exits{.trunk = {1.0, 2.0, 3.0, 4.0}, .branch = {0.05, 0.05, 0.05, 0.0}};

std::vector<pareto_point> searched_path(const exit_trace& trace, const frame_set& searched, exit_loss loss) {
  return threshold_path(trace, four_exits, exit_thresholds(3, never_leave), searched, loss);
}

}  // namespace

TEST_CASE("calibrate: takes the setting that the rule chooses on the frames chosen") {
  const exit_trace trace = simulation::trace_of(1500, 4, 7, 3);
  const auto path = searched_path(trace, simulation::frames_from(0, 300), exit_loss::accuracy_gap);
  const frame_set chosen = simulation::frames_from(300, 1500);
  for (const exit_unit unit : {exit_unit::frame, exit_unit::clip}) {
    const exit_risk risk{exit_loss::accuracy_gap, unit};
    const learn_then_test rule{0.05, 0.1};
    calibrated c;
    REQUIRE(calibrate(trace, path, chosen, rule, risk, c));
    REQUIRE(c.setting);
    CHECK(c.setting == rule.choose(tabulate(trace, path, chosen, risk)));
    CHECK(c.thresholds == path[*c.setting].thresholds);
    CHECK(c.units == (unit == exit_unit::frame ? 1200 : 400));
    CHECK(c.observed == doctest::Approx(apply(trace, four_exits, c.thresholds, chosen).loss));
    CHECK(c.observed < 0.05);
  }
}

TEST_CASE(
    "calibrate: the whole network keeps the promise along a searched path, for frames, clips and without "
    "labels") {
  for (const exit_risk risk : {exit_risk{}, exit_risk{exit_loss::accuracy_gap, exit_unit::clip},
                               exit_risk{exit_loss::disagreement, exit_unit::frame}}) {
    const std::size_t clip_frames = risk.unit == exit_unit::clip ? 4 : 1;
    const exit_trace trace =
        simulation::trace_of(3400, 4, 9, clip_frames, risk.loss != exit_loss::disagreement);
    const auto path = searched_path(trace, simulation::frames_from(0, 400), risk.loss);
    std::vector<pareto_point> coarse;  // so that one step too far is a mistake that shows
    for (std::size_t s = 0; s < path.size(); s += 24) coarse.push_back(path[s]);
    const loss_table pool = tabulate(trace, coarse, simulation::frames_from(400, 3400), risk);
    const double alpha = simulation::just_below(pool.settings[3]);
    const learn_then_test probable{alpha, 0.1};
    const conformal_risk_control average{alpha};
    const auto verdict_on = [&](auto choose) { return simulation::judge(pool, 300, alpha, choose); };
    CHECK(verdict_on([&](const auto& t) { return probable.choose(t); }).probably_within(0.1));
    CHECK(verdict_on([&](const auto& t) { return average.choose(t); }).within_on_average(alpha));
    CHECK_FALSE(verdict_on(simulation::first_failing(probable)).probably_within(0.1));
    CHECK_FALSE(verdict_on(simulation::first_failing(average)).within_on_average(alpha));
  }
}

TEST_CASE(
    "calibrate: where nothing passes, no frame leaves early; of wrong answers nothing can be promised") {
  const exit_trace trace = simulation::trace_of(20, 3, 1);
  const std::vector<pareto_point> path{{{no_exit, 0.9F}}, {{no_exit, 0.5F}}};
  const frame_set all = simulation::frames_from(0, 20);
  calibrated c;
  REQUIRE(calibrate(trace, path, all, conformal_risk_control{0.01}, {}, c));
  CHECK_FALSE(c.setting);
  CHECK(c.thresholds == exit_thresholds{no_exit, never_leave});
  CHECK(c.units == 20);
  CHECK(c.observed == 0.0);
  const status s =
      calibrate(trace, path, all, learn_then_test{0.01, 0.1}, {exit_loss::wrong, exit_unit::frame}, c);
  CHECK(s.code() == code::bad_option);
  CHECK(std::string_view(s.message()).find("20 units") != std::string_view::npos);
}

TEST_CASE("calibrate: what it refuses leaves the result as it was") {
  const exit_trace trace = simulation::trace_of(20, 3, 1),
                   unlabelled = simulation::trace_of(20, 3, 1, 1, false);
  const std::vector<pareto_point> path{{{0.9F, 0.9F}}}, other{{{0.9F, 0.9F}}, {{0.9F}}};
  const frame_set all = simulation::frames_from(0, 20);
  const conformal_risk_control rule{0.2};
  calibrated c{.thresholds = {0.25F}, .setting = 7};
  CHECK(calibrate(trace, path, all, conformal_risk_control{0.0}, {}, c).code() == code::bad_option);
  CHECK(calibrate(trace, path, all, learn_then_test{0.1, 1.0}, {}, c).code() == code::bad_option);
  CHECK(calibrate(trace, {}, all, rule, {}, c).code() == code::bad_option);
  CHECK(calibrate(trace, path, {}, rule, {}, c).code() == code::bad_option);
  CHECK(calibrate(trace, other, all, rule, {}, c).code() == code::wrong_size);
  CHECK(calibrate(trace, path, frame_set{20}, rule, {}, c).code() == code::bad_option);
  CHECK(calibrate(unlabelled, path, all, rule, {}, c).code() == code::bad_option);
  CHECK(c.thresholds == exit_thresholds{0.25F});
  CHECK(calibrate(unlabelled, path, all, rule, {exit_loss::disagreement, exit_unit::frame}, c));
  CHECK(c.thresholds != exit_thresholds{0.25F});
}
