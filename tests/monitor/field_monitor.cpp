// SPDX-License-Identifier: MIT
// field_monitor: calm while the promise is kept; an alarm, a lesson and a safer level where it is not.
#include <flexdnn/monitor/field_monitor.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

using namespace flexdnn;

namespace monitor_laws {

constexpr std::array levels{risk_level<2>{0.01, {0.9F}}, risk_level<2>{0.02, {0.5F}}};

struct answered {
  int label = 0;
};

/// An engine of two exits, by a level that it reads. The first is sure by chance; where it is less sure than
/// `fails` it contradicts the second with probability one half.
class two_exits {
 public:
  static constexpr int exits = 2;
  using frame = int;

  two_exits(const double& fails, unsigned seed) : fails_(&fails), random_(seed) {}
  void read(const std::size_t& number) { level_ = &number; }

  template <class Observer = int>
  answered run(frame, Observer&& observe = {}) noexcept {
    std::uniform_real_distribution<double> uniform;
    const double s = uniform(random_);
    label_ = s < *fails_ && uniform(random_) < 0.5 ? 1 : 0;
    // Two logits whose confidence by entropy grows with s: found by the score itself.
    logits_ = {static_cast<float>(12.0 * s), 0.0F};
    tell(observe, 0, label_);
    const float sure = entropy_confidence_score::confidence(logits_);
    left_ = *level_ > 0 && sure > levels[*level_ - 1].thresholds[0];
    if (left_) return {label_};
    tell(observe, 1, 0);
    return {0};
  }
  [[nodiscard]] bool can_resume() const noexcept { return left_; }
  template <class Observer>
  answered resume(Observer&& observe) noexcept {
    left_ = false;
    tell(observe, 1, 0);
    return {0};
  }

 private:
  template <class Observer>
  void tell(Observer& observe, int exit, int label) {
    if constexpr (std::is_invocable_v<Observer&, const evidence&, const verdict&>) {
      observe(evidence{logits_, label, exit, 2, 0, exit - 1}, verdict{});
    }
  }

  const double* fails_;
  const std::size_t* level_ = nullptr;
  std::mt19937 random_;
  std::array<float, 2> logits_{};
  int label_ = 0;
  bool left_ = false;
};

using small_monitor = field_monitor<2, 300>;

struct stream {
  double fails = 0.0;
  two_exits net;
  small_monitor monitor;
  int disagree = 0;

  explicit stream(const monitor_settings& s)
      : net(fails, static_cast<unsigned>(s.seed)), monitor(s, levels, 1) {
    net.read(monitor.level());
  }
  void run(int frames) {
    disagree = 0;
    for (int n = 0; n < frames; ++n) {
      monitor.run(net, n, [&](const answered& a) noexcept { disagree += a.label != 0 ? 1 : 0; });
    }
  }
};

}  // namespace monitor_laws

using namespace monitor_laws;

TEST_CASE("no alarm while the promise is kept, and the level stays") {
  stream s({.share = 0.2, .promised = 0.02, .run_length = 1e6});
  s.fails = 0.2;
  s.run(20000);
  CHECK(s.disagree > 200);  // 1.4 %
  CHECK(s.disagree < 400);
  CHECK(s.monitor.alarms() == 0);
  CHECK(s.monitor.level() == 2);
  CHECK(std::abs(static_cast<int>(s.monitor.audits()) - 4000) < 240);
}

TEST_CASE("drift: an alarm, no frame leaves early while it learns, then a level that keeps the promise") {
  int missed = 0;
  for (unsigned seed = 1; seed <= 40; ++seed) {
    stream s({.share = 0.2, .promised = 0.02, .run_length = 1e5, .delta = 0.1, .seed = seed});
    s.run(2000);
    s.fails = 0.35;  // now the bold level disagrees on several per cent, the careful one still does not
    for (int n = 0; n < 20000 && s.monitor.now() == small_monitor::phase::watching; ++n) s.run(1);
    CHECK(s.monitor.alarms() == 1);
    CHECK(s.monitor.level() == 0);
    s.run(299);
    CHECK(s.disagree == 0);
    CHECK(s.monitor.now() == small_monitor::phase::learning);
    s.run(1);
    CHECK(s.monitor.now() == small_monitor::phase::watching);
    s.run(1000);
    missed += s.disagree > 20 ? 1 : 0;
    if (seed > 1) continue;
    // The drift passes: after some 300 audits it tries the level of the start again.
    s.fails = 0.0;
    s.run(5000);
    CHECK(s.monitor.level() == 2);
    CHECK(s.monitor.alarms() == 1);
  }
  CHECK(missed <= 10);  // at most delta of them, and three standard deviations
}

TEST_CASE("where no level keeps the promise none is taken, until one does") {
  stream s({.share = 0.5, .promised = 0.02, .run_length = 1e4});
  s.fails = 1.0;
  s.run(5000);
  CHECK(s.monitor.alarms() == 1);
  CHECK(s.monitor.level() == 0);
  CHECK(s.monitor.now() == small_monitor::phase::learning);
  s.fails = 0.0;
  s.run(700);
  CHECK(s.monitor.now() == small_monitor::phase::watching);
  CHECK(s.monitor.level() == 2);
}

TEST_CASE("500 frames of six exits are 26 KB") { CHECK(sizeof(field_monitor<6>) < 27000); }

TEST_CASE("it may learn before anything went wrong") {
  stream s({.promised = 0.02});
  s.monitor.learn();
  s.run(300);
  CHECK(s.monitor.level() == 2);
  CHECK(s.monitor.alarms() == 0);
}
