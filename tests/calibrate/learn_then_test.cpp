// SPDX-License-Identifier: MIT
// learn_then_test: choices by hand, the least risk that n units certify, and the promise by simulation.
#include <doctest/doctest.h>

#include <flexdnn/calibrate/learn_then_test.hpp>

#include "simulation.hpp"

using namespace flexdnn;

namespace {

/// Settings with so many losses of 1 among n units.
loss_table counted(std::size_t n, std::initializer_list<std::size_t> losses, bool fractional = false) {
  loss_table table{.fractional = fractional, .settings = {}};
  for (const std::size_t k : losses) {
    table.settings.emplace_back(n, 0.0);
    std::fill_n(table.settings.back().begin(), k, 1.0);
  }
  return table;
}

}  // namespace

TEST_CASE("Learn-then-Test: the last setting before the first that fails") {
  const learn_then_test rule{0.01, 0.1};  // of 1,000: 5 losses have p = 0.066, 6 have 0.129
  CHECK(rule.choose(counted(1000, {0, 3, 5, 6, 9})) == 2);
  CHECK(rule.choose(counted(1000, {0, 7, 3, 0})) == 0);  // what comes after a failure is not tested
  CHECK(rule.choose(counted(1000, {0, 1, 2})) == 2);
  CHECK(rule.choose(counted(1000, {6, 0})) == std::nullopt);
  CHECK(rule.choose({}) == std::nullopt);
}

TEST_CASE("Learn-then-Test: what is admitted passes, and one loss more does not") {
  for (const bool fractional : {false, true}) {
    for (const std::size_t units : {700U, 1000U, 5000U}) {
      const learn_then_test rule{0.01, 0.1};
      const auto losses = static_cast<std::size_t>(
          std::lround(rule.admitted(units, fractional) * static_cast<double>(units)));
      CHECK(rule.choose(counted(units, {losses}, fractional)) == 0);
      CHECK(rule.choose(counted(units, {losses + 1}, fractional)) == std::nullopt);
    }
  }
  CHECK(learn_then_test{0.01, 0.1}.admitted(1000) == doctest::Approx(0.005));
  CHECK(learn_then_test{0.01, 0.1}.admitted(200) < 0.0);
}

TEST_CASE("Learn-then-Test: fractional losses have Hoeffding and Bentkus's p-value") {
  loss_table table{.fractional = true, .settings = {unit_losses(100, 0.025)}};
  const learn_then_test rule{0.1, 0.1};
  CHECK(rule.p_value(table, 0) == doctest::Approx(hoeffding_bentkus_p_value(0.025, 100, 0.1)));
  table.fractional = false;
  table.settings[0] = unit_losses(100, 0.0);
  table.settings[0][7] = 1.0;
  CHECK(rule.p_value(table, 0) == doctest::Approx(binomial_p_value(1, 100, 0.1)));
}

TEST_CASE("Learn-then-Test: 86 clips certify no better than 2.6 %, whatever they show") {
  const loss_table none = counted(86, {0}, true);
  CHECK(learn_then_test{0.0265, 0.1}.choose(none) == 0);
  CHECK(learn_then_test{0.0264, 0.1}.choose(none) == std::nullopt);
}

TEST_CASE("Learn-then-Test: levels out of range") {
  CHECK(learn_then_test{0.01, 0.1}.check());
  for (const double bad : {0.0, 1.0, -0.1, std::nan("")}) {
    CHECK_FALSE(learn_then_test{bad, 0.1}.check());
    CHECK_FALSE(learn_then_test{0.01, bad}.check());
  }
  CHECK(learn_then_test{2.0, 0.1}.check().code() == code::bad_option);
}

TEST_CASE(
    "Learn-then-Test: the risk exceeds alpha in at most delta of the calibration sets; the first failing "
    "setting's does not") {
  const auto path = simulation::lowered_together(4, 12);
  for (const exit_unit unit : {exit_unit::frame, exit_unit::clip}) {
    for (const exit_loss loss : {exit_loss::accuracy_gap, exit_loss::disagreement}) {
      const exit_trace trace =
          simulation::trace_of(4000, 4, 3, unit == exit_unit::clip ? 5 : 1, loss != exit_loss::disagreement);
      const loss_table pool = tabulate(trace, path, simulation::frames_from(0, trace.frames()), {loss, unit});
      for (const double delta : {0.05, 0.2}) {
        const learn_then_test rule{simulation::just_below(pool.settings[3]), delta};
        const auto verdict_on = [&](auto choose) { return simulation::judge(pool, 400, rule.alpha, choose); };
        const simulation::verdict ours = verdict_on([&](const auto& t) { return rule.choose(t); });
        CHECK(ours.probably_within(delta));
        CHECK(ours.mean > 0.2 * rule.alpha);  // not by never leaving
        CHECK_FALSE(verdict_on(simulation::first_failing(rule)).probably_within(delta));
      }
    }
  }
}
