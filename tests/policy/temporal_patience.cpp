// SPDX-License-Identifier: MIT
// temporal_patience: the lenient policy only where an exit says what a row of frames was answered.
#include <flexdnn/policy/always.hpp>
#include <flexdnn/policy/temporal_patience.hpp>

#include "policies.hpp"

using namespace flexdnn;

namespace temporal_patience_laws {

const std::vector stop{1.0F, 0.0F, 0.0F}, giveway{0.0F, 1.0F, 0.0F};
using two_frames = temporal_patience<2, always_last, always_first>;

/// The exit at which a frame leaves whose exits all say the same.
int leaves_at(two_frames& p, const std::vector<float>& logits) {
  for (int e = 0; e < 2; ++e) {
    if (p(policies::at(logits, e, 3)).leave) return e;
  }
  (void)p(policies::at(logits, 2, 3));
  return 2;
}

}  // namespace temporal_patience_laws

using namespace temporal_patience_laws;

TEST_CASE("two frames alike, and the third leaves at the first exit that says so") {
  std::size_t clip = 0;
  two_frames p(clip);
  CHECK(leaves_at(p, stop) == 2);
  CHECK(leaves_at(p, stop) == 2);
  CHECK(leaves_at(p, stop) == 0);
  CHECK_FALSE(p(policies::at(giveway, 0, 3)).leave);
  CHECK(p(policies::at(stop, 1, 3)).leave);  // its second exit says so
  CHECK(leaves_at(p, stop) == 0);
}

TEST_CASE("another answer ends the row, and so does another clip") {
  std::size_t clip = 0;
  two_frames p(clip);
  for (int i = 0; i < 4; ++i) (void)leaves_at(p, stop);
  CHECK(leaves_at(p, giveway) == 2);
  CHECK(leaves_at(p, stop) == 2);
  CHECK(leaves_at(p, stop) == 2);
  CHECK(leaves_at(p, stop) == 0);
  clip = 1;
  CHECK(leaves_at(p, stop) == 2);
  CHECK(leaves_at(p, stop) == 2);
  CHECK(leaves_at(p, stop) == 0);
}

TEST_CASE("a frame that was not answered here neither adds to the row nor ends it") {
  std::size_t clip = 0;
  two_frames p(clip);
  (void)leaves_at(p, stop);
  CHECK_FALSE(p(policies::at(giveway, 0, 3)).leave);  // cut short by a budget around it
  (void)leaves_at(p, stop);
  CHECK(leaves_at(p, stop) == 0);
}

TEST_CASE("a frame that goes on after its answer counts once, by its last answer") {
  std::size_t clip = 0;
  two_frames p(clip);
  (void)leaves_at(p, stop);
  (void)leaves_at(p, stop);
  CHECK(p(policies::at(stop, 0, 3)).leave);
  (void)p(policies::at(giveway, 1, 3));
  (void)p(policies::at(giveway, 2, 3));  // the whole network says otherwise
  CHECK(leaves_at(p, stop) == 2);
}
