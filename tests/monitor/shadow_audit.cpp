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
