// SPDX-License-Identifier: MIT
// entropy_threshold: strictly below T, in nats; the frames that leave are entropy_confidence's.
#include <flexdnn/policy/entropy_threshold.hpp>

#include <flexdnn/policy/entropy_confidence.hpp>

#include "policies.hpp"

using namespace flexdnn;

namespace {

using branchy = entropy_threshold<policies::with<3>>;
static_assert(exit_policy<branchy>);
static_assert(branchy::count == 2);

double entropy_in_double(const std::vector<float>& logits) {
  double sum = 0;
  for (const double p : policies::softmax(logits)) sum -= p > 0 ? p * std::log(p) : 0;
  return sum;
}

}  // namespace

TEST_CASE("-sum p log p, from 0 to log C") {
  for (const std::vector<float>& logits : policies::hard_logits()) {
    const double h = static_cast<double>(branchy::entropy(logits));
    CHECK(std::abs(h - entropy_in_double(logits)) < 1e-5);
    CHECK(h < std::log(static_cast<double>(logits.size())) + 1e-5);
  }
  CHECK(branchy::entropy(std::vector{2.0F, 2.0F}) == doctest::Approx(std::log(2.0)));
  CHECK(branchy::entropy(std::vector{1e30F, 0.0F, 0.0F}) == 0.0F);
}

TEST_CASE("strictly below, exit by exit, never by it at the final exit") {
  const std::vector logits{1.0F, 0.5F, -2.0F, 0.0F};
  const float h = branchy::entropy(logits);
  const branchy at_h(thresholds{h, std::nextafter(h, 9.0F)});
  CHECK_FALSE(at_h(policies::at(logits, 0, 3)).leave);
  CHECK(at_h(policies::at(logits, 1, 3)).leave);
  CHECK_FALSE(at_h(policies::at(logits, 2, 3)).leave);
}

TEST_CASE("a T of 0, below, or NaN keeps the surest frame in; one above log C lets the least sure go") {
  const std::vector sure{1e30F, 0.0F}, unsure{3.0F, 3.0F};
  for (const float t : {0.0F, -1.0F, std::nanf("")}) {
    const branchy p(thresholds{t, t});
    CHECK_FALSE(p(policies::at(sure, 0, 3)).leave);
    CHECK_FALSE(p(policies::at(sure, 1, 3)).leave);
  }
  CHECK(branchy(thresholds{0.7F, 0.7F})(policies::at(unsure, 0, 3)).leave);
}

TEST_CASE("the frames that leave are those of the normalised entropy at 1 - T / log C") {
  for (const double t : {1e-4, 0.025, 0.3, 1.0, 2.0}) {
    for (const std::vector<float>& logits : policies::hard_logits()) {
      if (logits.size() < 2) continue;
      if (std::abs(entropy_in_double(logits) - t) < 1e-5) continue;  // rounding decides
      const double log_c = std::log(static_cast<double>(logits.size()));
      const float nats = static_cast<float>(t), normalised = static_cast<float>(1 - t / log_c);
      const branchy in_nats(thresholds{nats, nats});
      const entropy_confidence<policies::with<3>> by_confidence(thresholds{normalised, normalised});
      const verdict a = in_nats(policies::at(logits, 0, 3)), b = by_confidence(policies::at(logits, 0, 3));
      CAPTURE(t);
      CAPTURE(logits.size());
      CHECK(a.leave == b.leave);
      CHECK(a.confidence == b.confidence);
    }
  }
}

TEST_CASE("one class is certain") {
  CHECK(branchy(thresholds{0.5F, 0.5F})(policies::at({4.0F}, 0, 3)).confidence == 1.0F);
}
