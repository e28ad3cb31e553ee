// SPDX-License-Identifier: MIT
// drift_alarm: fair bets, false alarms no more often than said, real ones soon.
#include <doctest/doctest.h>

#include <cmath>
#include <flexdnn/monitor/drift_alarm.hpp>
#include <random>

using namespace flexdnn;

namespace alarm_laws {

/// Audited frames until the alarm, at most `most`; most + 1: it never was.
int frames_to_alarm(drift_alarm alarm, double rate, int most, std::mt19937& random) {
  std::bernoulli_distribution disagrees(rate);
  for (int n = 1; n <= most; ++n) {
    if (alarm.observe(disagrees(random))) return n;
  }
  return most + 1;
}

}  // namespace alarm_laws

using namespace alarm_laws;

TEST_CASE("a bet is fair where the promise just holds, and loses where it is kept with room") {
  for (const double promised : {0.001, 0.02, 0.3}) {
    for (const alarm_rate rate : {alarm_rate::ever, alarm_rate::run_length}) {
      drift_alarm yes(promised, 1e9, rate), no(promised, 1e9, rate);
      for (int n = 0; n < 5; ++n) {
        const double before = yes.evidence() + (rate == alarm_rate::run_length ? 1.0 : 0.0);
        drift_alarm disagrees = yes, agrees = yes;
        (void)disagrees.observe(true), (void)agrees.observe(false);
        const auto mean = [&](double p) { return p * disagrees.evidence() + (1.0 - p) * agrees.evidence(); };
        CHECK(mean(promised) == doctest::Approx(before));
        CHECK(mean(0.5 * promised) < before);
        CHECK(mean(2.0 * promised) > before);
        yes = n % 2 == 0 ? agrees : disagrees;
      }
    }
  }
}

TEST_CASE("ever: of trials that just keep the promise at most one of `level` has an alarm") {
  std::mt19937 random(1);
  constexpr int trials = 2000, level = 20;
  int alarms = 0;
  for (int t = 0; t < trials; ++t) {
    alarms += frames_to_alarm({0.05, level, alarm_rate::ever}, 0.05, 1000, random) <= 1000 ? 1 : 0;
  }
  // 5 % and three standard deviations of a binomial.
  CHECK(alarms <= trials / level + 3.0 * std::sqrt(trials * 0.05 * 0.95));
  CHECK(alarms > 0);
}

TEST_CASE("run length: a false alarm takes `level` frames in the mean, or more") {
  std::mt19937 random(2);
  for (const double promised : {0.01, 0.1}) {
    double frames = 0.0;
    constexpr int trials = 200, level = 300;
    for (int t = 0; t < trials; ++t) frames += frames_to_alarm({promised, level}, promised, 100000, random);
    CHECK(frames / trials > level);
    CHECK(frames / trials < 40 * level);
  }
}

TEST_CASE("a change is found soon, also late in a stream that was calm for long") {
  std::mt19937 random(3);
  const auto delay = [&](double rate) {
    double frames = 0.0;
    for (int t = 0; t < 100; ++t) {
      drift_alarm alarm(0.02, 10000.0);
      std::bernoulli_distribution calm(0.01);
      for (int n = 0; n < 3000; ++n) (void)alarm.observe(calm(random));
      if (alarm.raised()) continue;
      frames += frames_to_alarm(alarm, rate, 100000, random);
    }
    return frames / 100;
  };
  // log(level) over the divergence of a disagreement's distribution from the promised one, the best there is,
  // is 4,158, 51 and 7; a mixture of six and a test of any change pay for not knowing it.
  CHECK(delay(0.03) < 2.0 * 4158);
  CHECK(delay(0.15) < 2.0 * 51);
  CHECK(delay(0.5) < 2.0 * 7);
}

TEST_CASE("raised it stays until it is reset, and then knows nothing") {
  drift_alarm alarm(0.1, 50.0);
  for (int n = 0; n < 20; ++n) (void)alarm.observe(true);
  CHECK(alarm.raised());
  CHECK(alarm.observe(false));
  alarm.reset();
  CHECK_FALSE(alarm.raised());
  CHECK(alarm.evidence() == 0.0);
  drift_alarm trial(0.1, 50.0, alarm_rate::ever);
  CHECK(trial.evidence() == 1.0);
}
