// SPDX-License-Identifier: MIT
// audit_log: the last frames, their disagreements as an exit_trace counts them, levels as Learn-then-Test.
#include <flexdnn/calibrate/learn_then_test.hpp>
#include <flexdnn/monitor/audit_log.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <limits>
#include <numeric>
#include <random>

using namespace flexdnn;

namespace audit_log_laws {

using three = risk_level<3>;
constexpr std::array levels{three{0.01, {1.0F, 1.0F}}, three{0.02, {0.95F, 0.9F}}, three{0.03, {0.8F, 0.7F}},
                            three{0.05, {0.5F, -1.0F}}};

/// Exits are wrong more often the less sure they are.
audited_frame<3> frame(std::mt19937& random, double error) {
  std::uniform_real_distribution<float> sure(0.0F, 1.0F);
  audited_frame<3> f;
  for (std::size_t e = 0; e < 3; ++e) {
    f.confidences[e] = sure(random);
    f.labels[e] = sure(random) < error * (1.0 - f.confidences[e]) && e < 2 ? 1 : 0;
  }
  return f;
}

}  // namespace audit_log_laws

using namespace audit_log_laws;

TEST_CASE("disagreements are those of an exit_trace, and levels those of Learn-then-Test") {
  std::mt19937 random(5);
  for (const double error : {0.05, 0.2, 0.6}) {
    audit_log<3, 400> log;
    exit_trace trace(3);
    std::vector<pareto_point> path;
    for (const three& l : levels) path.push_back({{l.thresholds.begin(), l.thresholds.end()}});
    for (int n = 0; n < 400; ++n) {
      audited_frame<3> f = frame(random, error);
      if (n == 17) f.confidences[0] = std::numeric_limits<float>::quiet_NaN();
      log.add(f);
      trace.add(f.labels, f.confidences, exit_trace::unlabelled);
    }
    const loss_table table = tabulate(trace, path, trace.all(), {exit_loss::disagreement, exit_unit::frame});
    for (std::size_t l = 0; l < levels.size(); ++l) {
      const unit_losses& losses = table.settings[l];
      CHECK(static_cast<double>(log.disagreements(levels[l].thresholds)) ==
            std::accumulate(losses.begin(), losses.end(), 0.0));
    }
    for (const double alpha : {0.01, 0.03, 0.1}) {
      CHECK(log.certified(levels, alpha, 0.1) == learn_then_test{alpha, 0.1}.choose(table));
    }
  }
}

TEST_CASE("the last frames are kept, the oldest goes first") {
  audit_log<3, 4> log;
  CHECK_FALSE(log.full());
  CHECK_FALSE(log.certified(levels, 0.5, 0.1).has_value());  // no frame certifies nothing
  const std::array leaves{-1.0F, -1.0F};
  for (int n = 0; n < 6; ++n) {
    audited_frame<3> f;
    f.labels = {n < 3 ? 1 : 0, 0, 0};  // the first three disagree at exit 0
    log.add(f);
    CHECK(log.size() == static_cast<std::size_t>(std::min(n + 1, 4)));
  }
  CHECK(log.full());
  CHECK(log.disagreements(leaves) == 1);  // frames 2 to 5
  log.clear();
  CHECK(log.size() == 0);
  CHECK(log.disagreements(leaves) == 0);
}
