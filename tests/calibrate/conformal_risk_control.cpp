// SPDX-License-Identifier: MIT
// conformal_risk_control: choices by hand, losses that shrink along the path, and the promise by simulation.
#include <doctest/doctest.h>

#include <flexdnn/calibrate/conformal_risk_control.hpp>

#include "simulation.hpp"

using namespace flexdnn;

TEST_CASE("conformal risk control: the last setting with (losses + 1) / (n + 1) <= alpha") {
  const loss_table table{.fractional = false,
                         .settings = {{0, 0, 0, 0}, {1, 0, 0, 0}, {1, 1, 0, 0}, {1, 1, 1, 0}}};
  CHECK(conformal_risk_control{0.19}.choose(table) == std::nullopt);
  CHECK(conformal_risk_control{0.2}.choose(table) == 0);
  CHECK(conformal_risk_control{0.4}.choose(table) == 1);
  CHECK(conformal_risk_control{0.59}.choose(table) == 1);
  CHECK(conformal_risk_control{0.6}.choose(table) == 2);
  CHECK(conformal_risk_control{0.99}.choose(table) == 3);
  CHECK(conformal_risk_control{0.5}.choose({}) == std::nullopt);
  const loss_table fractions{.fractional = true, .settings = {{0, 0.25, 0, 0.25}, {0.5, 0.5, 0, 0}}};
  CHECK(conformal_risk_control{0.31}.choose(fractions) == 0);
  CHECK(conformal_risk_control{0.45}.choose(fractions) == 1);  // 1.25 losses, the last unit's from before
}

TEST_CASE("conformal risk control: what is admitted passes, and no more") {
  for (const std::size_t units : {115U, 153U, 1000U}) {
    const conformal_risk_control rule{0.01};
    const double most = rule.admitted(units);
    const auto of = [&](double mean) {
      return loss_table{.fractional = true, .settings = {unit_losses(units, mean)}};
    };
    CHECK(rule.choose(of(most * (1.0 - 1e-9))) == 0);
    CHECK(rule.choose(of(most * (1.0 + 1e-9))) == std::nullopt);
  }
  CHECK(conformal_risk_control{0.01}.admitted(98) < 0.0);
}

TEST_CASE("conformal risk control: a unit is charged the largest loss on the way") {
  const loss_table table{.fractional = false,
                         .settings = {{0, 0, 0, 0}, {1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 0, 0}}};
  CHECK(conformal_risk_control{0.4}.choose(table) == 1);
  CHECK(conformal_risk_control{0.6}.choose(table) == 3);
}

TEST_CASE("conformal risk control: 86 clips certify no better than 1.15 %; levels out of range") {
  const loss_table none{.fractional = true, .settings = {unit_losses(86, 0.0)}};
  CHECK(conformal_risk_control{0.0115}.choose(none) == 0);
  CHECK(conformal_risk_control{0.0114}.choose(none) == std::nullopt);
  CHECK(conformal_risk_control{0.01}.check());
  for (const double bad : {0.0, 1.0, -0.1, std::nan("")}) CHECK_FALSE(conformal_risk_control{bad}.check());
}

TEST_CASE(
    "conformal risk control: the mean risk over calibration sets is at most alpha; the first failing "
    "setting's is not") {
  const auto path = simulation::lowered_together(4, 12);
  for (const exit_unit unit : {exit_unit::frame, exit_unit::clip}) {
    for (const exit_loss loss : {exit_loss::accuracy_gap, exit_loss::disagreement}) {
      const exit_trace trace =
          simulation::trace_of(4000, 4, 4, unit == exit_unit::clip ? 5 : 1, loss != exit_loss::disagreement);
      const loss_table pool = tabulate(trace, path, simulation::frames_from(0, trace.frames()), {loss, unit});
      const conformal_risk_control rule{simulation::just_below(pool.settings[3])};
      const auto verdict_on = [&](auto choose) { return simulation::judge(pool, 400, rule.alpha, choose); };
      const simulation::verdict ours = verdict_on([&](const auto& t) { return rule.choose(t); });
      CHECK(ours.within_on_average(rule.alpha));
      CHECK(ours.mean > 0.4 * rule.alpha);  // not by never leaving
      CHECK_FALSE(verdict_on(simulation::first_failing(rule)).within_on_average(rule.alpha));
    }
  }
}
