// SPDX-License-Identifier: MIT
// policy_replay: the engine's own answers, frame by frame, of policies over time too; losses by hand.
#include <doctest/doctest.h>

#include <flexdnn/calibrate/policy_replay.hpp>
#include <numeric>

#include "network_laws.hpp"

using namespace flexdnn;

namespace replay_laws {

struct small : network<input<6, 1, 1>, exit_branch<"a", dense<4>>, dense<8>, relu, exit_branch<"b", dense<4>>,
                       dense<8>, relu, dense<4>> {};
constexpr std::size_t exits = 3, frames = 200;
using sure = max_probability<small>;

/// The engine and the replay of what all exits say, on clips of ten frames that resemble each other. One
/// frame of 16 is so large that its deeper exits overflow.
template <class Policy>
void check_same(const Policy& policy, std::size_t& clip) {
  std::mt19937 random(11);
  std::normal_distribution<float> value;
  std::vector<float> weights(lowered<small>::parameters);
  for (float& w : weights) w = value(random);
  const auto packed = packed_from<small>(weights);
  engine<small> whole(*packed);
  engine<small, Policy> net(*packed, policy);
  logit_trace trace(exits, 4);
  std::array<float, 6> frame{}, scene{};
  std::vector<replayed_answer> answered;
  for (std::size_t i = 0; i < frames; ++i) {
    for (std::size_t k = 0; k < frame.size(); ++k) {
      if (i % 10 == 0) scene[k] = value(random);
      frame[k] = (scene[k] + 0.2F * value(random)) * (i % 16 == 7 ? 1.5e38F : 1.0F);
    }
    std::vector<float> logits;
    (void)whole.run(frame, [&](const evidence& e, verdict) {
      logits.insert(logits.end(), e.logits.begin(), e.logits.end());
    });
    trace.add(logits, 0, static_cast<int>(i / 10));
    clip = i / 10;
    const auto a = net.run(frame);
    answered.push_back({static_cast<std::size_t>(a.exit), a.label});
  }
  std::vector<std::size_t> all(frames);
  std::iota(all.begin(), all.end(), std::size_t{0});
  CHECK(replay(trace, all, policy, clip) == answered);
  bool infinite = false;
  std::array<int, exits> left{};
  for (std::size_t i = 0; i < frames; ++i) infinite = infinite || !trace.finite(exits - 1, i);
  for (const replayed_answer& a : answered) ++left[a.exit];
  CHECK(infinite);
  CHECK(*std::ranges::min_element(left) > 0);
}

}  // namespace replay_laws

using namespace replay_laws;

TEST_CASE("a replay answers as the engine does") {
  std::size_t clip = 0;
  const sure careful(thresholds{0.95F, 0.9F}), bold(thresholds{0.6F, 0.6F});
  check_same(careful, clip);
  check_same(difference_gate<4, sure>(0.2F, clip, careful), clip);
  check_same(temporal_patience<2, sure>(clip, careful, bold), clip);
  using average = temporal_average<4, sure>;
  check_same(average(0.6F, clip, careful), clip);
  check_same(difference_gate<4, average>(0.2F, clip, average(0.6F, clip, careful)), clip);
}

TEST_CASE("an answer is held against the final exit's own and against the truth, by frame or by clip") {
  logit_trace t(2, 2);
  const std::vector<float> ends_one{1, 0, 0, 1}, ends_none{0, 1, 1, 0};  // the final exit says 1; 0
  t.add(ends_one, 1, 3);
  t.add(ends_one, 1, 3);
  t.add(ends_none, 1, 8);
  const std::vector<std::size_t> all{0, 1, 2};
  const std::vector<replayed_answer> answers{{0, 0}, {1, 1}, {0, 1}};  // wrong, right, better than the final
  const auto losses = [&](exit_loss loss, exit_unit unit) {
    return losses_of(t, answers, all, {loss, unit});
  };
  CHECK(losses(exit_loss::accuracy_gap, exit_unit::frame) == unit_losses{1, 0, 0});
  CHECK(losses(exit_loss::wrong, exit_unit::frame) == unit_losses{1, 0, 0});
  CHECK(losses(exit_loss::disagreement, exit_unit::frame) == unit_losses{1, 0, 1});
  CHECK(losses(exit_loss::disagreement, exit_unit::clip) == unit_losses{0.5, 1});
}
