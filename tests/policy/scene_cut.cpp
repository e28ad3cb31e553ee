// SPDX-License-Identifier: MIT
// scene_cut: a clip number for each scene, and the same for its frames.
#include <flexdnn/policy/always.hpp>
#include <flexdnn/policy/scene_cut.hpp>
#include <flexdnn/policy/temporal_average.hpp>

#include "policies.hpp"

using namespace flexdnn;

namespace scene_cut_laws {

const std::vector<float> left{3.0F, 0.0F}, leftish{2.0F, 0.0F}, right{0.0F, 3.0F};

}  // namespace scene_cut_laws

using namespace scene_cut_laws;

TEST_CASE("a jump of the first exit's output begins a clip; deeper exits and small moves do not") {
  std::size_t clip = 5;
  scene_cut<2, always_first> p(0.7F, clip, {});
  (void)p(policies::at(left, 0, 2));
  CHECK(clip == 5);  // the first frame is no cut
  (void)p(policies::at(right, 1, 2));
  (void)p(policies::at(leftish, 0, 2));
  CHECK(clip == 5);
  (void)p(policies::at(right, 0, 2));
  CHECK(clip == 6);
  (void)p(policies::at(right, 0, 2));
  CHECK(clip == 6);
  (void)p(policies::at(left, 0, 2));
  CHECK(clip == 7);
  scene_cut<2, always_first> never(1.0F, clip, {});
  for (int n = 0; n < 4; ++n) (void)never(policies::at(n % 2 == 0 ? left : right, 0, 2));
  CHECK(clip == 7);
}

TEST_CASE("frames whose first exit was passed over are compared with nothing") {
  std::size_t clip = 0;
  scene_cut<2, always_first> p(0.5F, clip, {});
  (void)p(policies::at(left, 0, 3));
  evidence second = policies::at(right, 1, 3);
  second.previous = -1;
  (void)p(second);
  CHECK(clip == 0);
  (void)p(policies::at(left, 0, 3));
  CHECK(clip == 0);
}

TEST_CASE("an average within begins anew at the frame of the cut") {
  std::size_t clip = 0;
  using average = temporal_average<2, always_first>;
  scene_cut<2, average> p(0.7F, clip, average(0.9F, clip));
  for (int n = 0; n < 10; ++n) CHECK(p(policies::at(left, 0, 2)).label == 0);
  CHECK(p(policies::at(right, 0, 2)).label == 1);
}
