// SPDX-License-Identifier: MIT
// difference_gate: the reference's answer while the first exit sees the same, and never longer.
#include <flexdnn/policy/always.hpp>
#include <flexdnn/policy/by_threshold.hpp>
#include <flexdnn/policy/difference_gate.hpp>
#include <flexdnn/policy/max_probability.hpp>

#include <limits>

#include "policies.hpp"

using namespace flexdnn;

namespace gate_laws {

using careful = max_probability<policies::with<3>>;
using gate = difference_gate<2, careful>;

/// Softmax of the first class: 0.5 at 0, 0.62 at 0.5, 0.73 at 1, 0.98 at 4.
std::vector<float> seen(float first) { return {first, 0.0F}; }

struct answered {
  int label = 0, exit = 0;
  bool operator==(const answered&) const = default;
};

/// Runs a frame as the engine does; the later exits all say `deep`.
template <class Policy>
answered frame(Policy& p, const std::vector<float>& first, const std::vector<float>& deep) {
  for (int e = 0; e < 3; ++e) {
    const std::vector<float>& logits = e == 0 ? first : deep;
    const verdict v = p(policies::at(logits, e, 3));
    if (v.leave || e == 2) {
      return {v.label == verdict::own ? policies::at(logits, e, 3).label : v.label, e};
    }
  }
  return {};
}

}  // namespace gate_laws

using namespace gate_laws;

TEST_CASE("a deep exit's answer is given again at the first exit while the scene has not moved") {
  std::size_t clip = 7;
  gate p(0.1F, clip, careful(thresholds{0.9F, 0.9F}));
  CHECK(frame(p, seen(0.5F), {0, 4}) == answered{1, 1});
  CHECK(frame(p, seen(0.6F), {4, 0}) == answered{1, 0});
  CHECK(p(policies::at(seen(0.6F), 0, 3)).confidence == doctest::Approx(0.982F).epsilon(1e-3));
  CHECK(frame(p, seen(1.1F), {4, 0}) == answered{0, 1});  // it moved by 0.13, and is another's
  CHECK(frame(p, seen(1.1F), {0, 4}) == answered{0, 0});
}

TEST_CASE("a slow drift is held against the reference, not against the frame before") {
  std::size_t clip = 0;
  gate p(0.1F, clip, careful(thresholds{0.9F, 0.9F}));
  CHECK(frame(p, seen(0.0F), {0, 4}) == answered{1, 1});
  float at = 0.0F;
  int passed = 0;
  for (; frame(p, seen(at += 0.05F), {4, 0}) == answered{1, 0}; ++passed) {
  }
  CHECK(passed == 8);  // softmax of 0.45 is 0.611, 0.4's 0.599
}

TEST_CASE("another clip knows nothing of the last, nor the last of itself once it returns") {
  std::size_t clip = 0;
  gate p(0.5F, clip, careful(thresholds{0.9F, 0.9F}));
  CHECK(frame(p, seen(0.5F), {0, 4}) == answered{1, 1});
  clip = 1;
  CHECK(frame(p, seen(0.5F), {4, 0}) == answered{0, 1});
  clip = 0;
  CHECK(frame(p, seen(0.5F), {4, 0}) == answered{0, 1});
}

TEST_CASE("no threshold of 0 or below, and no NaN, lets a frame pass") {
  for (const float t : {0.0F, -1.0F, std::numeric_limits<float>::quiet_NaN()}) {
    std::size_t clip = 0;
    gate p(t, clip, careful(thresholds{0.9F, 0.9F}));
    CHECK(frame(p, seen(0.5F), {0, 4}) == answered{1, 1});
    CHECK(frame(p, seen(0.5F), {4, 0}) == answered{0, 1});
  }
}

TEST_CASE("frames whose first exit was passed over are compared at the exit that they share, or not at all") {
  std::size_t clip = 0;
  difference_gate<2, always_last> p(0.5F, clip);
  const std::vector<float> logits{1.0F, 0.0F}, deep{0.0F, 1.0F};
  CHECK_FALSE(p(policies::at(logits, 0, 3)).leave);
  (void)p(policies::at(deep, 2, 3));
  evidence second = policies::at(logits, 1, 3);
  second.previous = -1;
  CHECK_FALSE(p(second).leave);  // exit 1 against exit 0
  (void)p(policies::at(deep, 2, 3));
  CHECK(p(second).leave);
  CHECK(p(second).label == 1);
}

TEST_CASE("a frame that was never answered, cut short by a budget say, is no reference") {
  std::size_t clip = 0;
  gate p(0.1F, clip, careful(thresholds{0.9F, 0.9F}));
  CHECK(frame(p, seen(0.5F), {0, 4}) == answered{1, 1});
  CHECK_FALSE(p(policies::at(seen(2.0F), 0, 3)).leave);
  CHECK(frame(p, seen(0.5F), {4, 0}) == answered{1, 0});
}

TEST_CASE("a frame that passed and goes on after all is new to the policy within") {
  struct counts_frames {
    int* frames;
    verdict operator()(const evidence& e) const noexcept {
      *frames += e.previous < 0 ? 1 : 0;
      return {true, 1.0F};
    }
  };
  std::size_t clip = 0;
  int frames = 0;
  difference_gate<2, counts_frames> p(0.5F, clip, counts_frames{&frames});
  const std::vector<float> logits = seen(1.0F), deep{0.0F, 5.0F};
  (void)p(policies::at(logits, 0, 3));
  CHECK(frames == 1);
  CHECK(p(policies::at(logits, 0, 3)).label == 0);
  CHECK(frames == 1);
  (void)p(policies::at(deep, 1, 3));  // resume
  CHECK(frames == 2);
  CHECK(p(policies::at(logits, 0, 3)).label == 1);  // and its answer is the better reference
}
