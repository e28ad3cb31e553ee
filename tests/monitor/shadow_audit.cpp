// SPDX-License-Identifier: MIT
// shadow_audit: a fair lot, the answer first and unchanged, then what every exit says.
#include <flexdnn/monitor/shadow_audit.hpp>

#include <doctest/doctest.h>

#include "monitored.hpp"

using namespace flexdnn;

namespace audit_laws {

using monitored::net;
using monitored::sure;

}  // namespace audit_laws

using namespace audit_laws;

TEST_CASE("audited frames are answered as others, and then every exit is asked") {
  const auto packed = monitored::weights();
  const auto audited_net = monitored::adaptive(*packed), other = monitored::adaptive(*packed);
  const auto whole = std::make_unique<engine<net>>(*packed);
  shadow_audit<3> audit(0.5, 9);
  std::mt19937 random(4);
  int audits = 0, early = 0;
  for (int n = 0; n < 400; ++n) {
    const auto frame = monitored::frame(random);
    const auto expected = other->run(frame);
    int answers = 0;
    const audited_frame<3>* const a = audit.run(*audited_net, frame, [&](const auto& answer) noexcept {
      ++answers;
      CHECK(answer.label == expected.label);
      CHECK(answer.exit == expected.exit);
      CHECK(answer.macs == expected.macs);
    });
    CHECK(answers == 1);
    if (a == nullptr) continue;
    ++audits;
    early += expected.exit < 2 ? 1 : 0;
    CHECK(a->answered == expected.label);
    (void)whole->run(frame, [&](const evidence& e, const verdict&) {
      const auto exit = static_cast<std::size_t>(e.exit);
      CHECK(a->labels[exit] == e.label);
      CHECK(a->confidences[exit] == sure::confidence(e.logits));
    });
    CHECK(a->disagrees() == (a->answered != whole->run(frame).label));
  }
  CHECK(early > 20);
  CHECK(std::abs(audits - 200) < 40);  // four standard deviations
}

TEST_CASE("the share that is asked for: none, all, and nearly so in between") {
  const auto packed = monitored::weights();
  const auto e = monitored::adaptive(*packed);
  std::mt19937 random(4);
  const auto frame = monitored::frame(random);
  const auto count = [&](double share) {
    shadow_audit<3> audit(share, 3);
    int audits = 0;
    for (int n = 0; n < 20000; ++n) {
      audits += audit.run(*e, frame, [](const auto&) noexcept {}) != nullptr ? 1 : 0;
    }
    return audits;
  };
  CHECK(count(0.0) == 0);
  CHECK(count(-1.0) == 0);
  CHECK(count(1.0) == 20000);
  CHECK(std::abs(count(0.01) - 200) < 57);  // four standard deviations
}

TEST_CASE("a frame that a gate answers is audited to the end, by what every exit says of it") {
  const auto packed = monitored::weights();
  std::size_t clip = 0;
  using gate = difference_gate<4, sure>;
  const auto gated = std::make_unique<engine<net, gate>>(*packed, 0.3F, clip, sure(thresholds{0.9F, 0.8F}));
  const auto whole = std::make_unique<engine<net>>(*packed);
  shadow_audit<3> audit(1.0);
  std::mt19937 random(8);
  int stale = 0;
  for (int n = 0; n < 60; ++n) {
    auto frame = monitored::frame(random);
    for (int still = 0; still < 5; ++still) {
      frame[0] += 0.05F;
      int label = 0;
      const audited_frame<3>* const a =
          audit.run(*gated, frame, [&](const auto& answer) noexcept { label = answer.label; });
      REQUIRE(a != nullptr);
      CHECK(a->answered == label);
      (void)whole->run(frame, [&](const evidence& e, const verdict&) {
        CHECK(a->labels[static_cast<std::size_t>(e.exit)] == e.label);
      });
      stale += a->disagrees() ? 1 : 0;
    }
  }
  CHECK(stale > 0);  // gates do err, and audits see it
}
