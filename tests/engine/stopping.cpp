// SPDX-License-Identifier: MIT
// stopping: an exit ends the work; what is not finite is passed over; observers see what happens.
#include <doctest/doctest.h>

#include <flexdnn/policy/within_budget.hpp>
#include <limits>

#include "network_laws.hpp"

using namespace flexdnn;

namespace {

int calls[4];

/// The identity, which counts its calls.
template <int Number>
struct counted {
  static constexpr std::string_view type_name = "counted";
  static constexpr layer_role role = layer_role::general;
  static constexpr shape output(shape in) { return in; }
  static void run(shape in, const float* x, const float*, float* y, float*) noexcept {
    ++calls[Number];
    std::copy_n(x, in.size(), y);
  }
};

/// Every part is an identity plus a bias, so that poison is placed by one weight.
struct net : network<input<3, 1, 1>, counted<0>, exit_branch<"a", counted<1>, dense<3>>, counted<2>,
                     exit_branch<"b", dense<3>>, counted<3>, dense<3>> {};
using chosen = engine<net, leave_from>;

constexpr float not_a_number = std::numeric_limits<float>::quiet_NaN();
constexpr float infinity = std::numeric_limits<float>::infinity();
constexpr std::array<float, 3> frame{1.0F, 3.0F, 2.0F};

/// Dense layers: trunk, exit a, exit b, each the unit matrix; poison is added to the bias of one.
std::vector<float> weights(int poisoned = -1, float poison = 0.0F) {
  std::vector<float> all(lowered<net>::parameters, 0.0F);
  for (std::size_t layer = 0; layer < 3; ++layer) {
    for (std::size_t i = 0; i < 3; ++i) all[layer * 12 + i * 4] = 1.0F;
    if (static_cast<int>(layer) == poisoned) all[layer * 12 + 9] = poison;
  }
  return all;
}

std::array<int, 4> counts() { return {calls[0], calls[1], calls[2], calls[3]}; }

}  // namespace

TEST_CASE("later steps are not executed, and resuming does not repeat the earlier ones") {
  const auto w = packed_from<net>(weights());
  chosen e(*w, 0);
  std::ranges::fill(calls, 0);
  CHECK(e.run(frame).exit == 0);
  CHECK(counts() == std::array{1, 1, 0, 0});
  CHECK(e.resume().exit == 1);
  CHECK(counts() == std::array{1, 1, 1, 0});
  CHECK(e.resume().exit == 2);
  CHECK(counts() == std::array{1, 1, 1, 1});
  CHECK(e.resume().exit == 2);
  CHECK(counts() == std::array{1, 1, 1, 1});
  std::ranges::fill(calls, 0);
  e.run(frame);
  CHECK(e.finish().label == 1);
  CHECK(counts() == std::array{1, 1, 1, 1});
  std::ranges::fill(calls, 0);
  engine<net> backbone(*w);
  CHECK(backbone.run(frame).macs == 9);
  CHECK(counts() == std::array{1, 0, 1, 1});  // the branch is not computed
}

TEST_CASE("before any frame there is nothing to resume") {
  const auto w = packed_from<net>(weights());
  chosen e(*w, 0);
  CHECK_FALSE(e.can_resume());
  std::ranges::fill(calls, 0);
  CHECK(e.resume().macs == 0);
  CHECK(e.finish().macs == 0);
  CHECK(counts() == std::array<int, 4>{});
}

TEST_CASE("scores that are not finite never leave; the answer says so") {
  for (const float poison : {not_a_number, infinity, -infinity}) {
    const auto w = packed_from<net>(weights(1, poison));  // exit a
    chosen e(*w, 0);
    const auto answer = e.run(frame);
    CHECK(answer.exit == 1);
    CHECK_FALSE(answer.finite);
    CHECK(answer.label == 1);
    CHECK(answer.confidence == 0.5F);
    CHECK(answer.macs == lowered<net>::exits[1].macs);
    CHECK(std::isfinite(answer.probabilities[0]));
    const auto good = packed_from<net>(weights());
    chosen healthy(*good, 0);
    CHECK(healthy.run(frame).finite);
  }
}

TEST_CASE("poison at the final exit: an answer without confidence") {
  for (const float poison : {not_a_number, infinity, -infinity}) {
    const auto w = packed_from<net>(weights(0, poison));
    chosen e(*w, 2);
    const auto answer = e.run(frame);
    CHECK(answer.exit == 2);
    CHECK_FALSE(answer.finite);
    CHECK(answer.confidence == 0.0F);
    CHECK(answer.probabilities == std::array{0.0F, 0.0F, 0.0F});
    CHECK(answer.label >= 0);
    CHECK(answer.label < 3);
    CHECK(chosen(*w, 1).run(frame).finite);
  }
}

TEST_CASE("a frame with NaN goes to the end, and the next frame is as good as ever") {
  const auto w = packed_from<net>(weights());
  chosen e(*w, 0);
  const std::array<float, 3> bad{1.0F, not_a_number, 0.0F};
  const auto answer = e.run(bad);
  CHECK(answer.exit == 2);
  CHECK_FALSE(answer.finite);
  CHECK(answer.confidence == 0.0F);
  CHECK(e.run(frame).finite);
  CHECK(e.run(frame).label == 1);
}

TEST_CASE("patience does not remember the frame before one that began with NaN") {
  const auto w = packed_from<net>(weights(1, not_a_number));
  engine<net, patience<2>> e(*w);
  CHECK(e.run(frame).exit == 2);  // exits 1 and 2 agree
  CHECK(e.run(frame).exit == 2);  // not exit 1, which agrees with the last frame's
}

TEST_CASE("an observer sees every exit on the way, with the policy's verdict and the cost so far") {
  const auto w = packed_from<net>(weights(1, not_a_number));
  chosen e(*w, 1);
  std::vector<int> seen;
  const auto observe = [&](const evidence& v, const verdict& said) {
    seen.push_back(v.exit);
    CHECK(v.exits == 3);
    CHECK(v.macs == lowered<net>::exits[static_cast<std::size_t>(v.exit)].macs);
    CHECK(said.leave == (v.exit > 0));
    CHECK(said.confidence == (v.exit > 0 ? 0.5F : 0.0F));
    CHECK(std::ranges::equal(e.features(v.exit), v.exit < 2 ? std::span(frame) : e.logits()));
  };
  e.run(frame, observe);
  CHECK(seen == std::vector{0, 1});
  e.resume(observe);
  CHECK(seen == std::vector{0, 1, 2});
  engine<net> backbone(*w);  // an observer makes it compute the branches that its policy ignores
  seen.clear();
  const auto answer = backbone.run(frame, [&](const evidence& v, const verdict&) { seen.push_back(v.exit); });
  CHECK(seen == std::vector{0, 1, 2});
  CHECK(answer.macs == lowered<net>::exits[2].macs);
}

namespace {

/// Says a label of its own wherever it is asked.
struct says {
  int exit, label;
  verdict operator()(const evidence& e) const noexcept { return {e.exit >= exit, 0.5F, label}; }
};

}  // namespace

TEST_CASE("a policy may answer for an exit, also for the final one; what is no class is not answered") {
  const auto w = packed_from<net>(weights());
  for (const int exit : {0, 1, 2}) {
    CHECK(engine<net, says>(*w, says{exit, 2}).run(frame).label == 2);
    CHECK(engine<net, says>(*w, says{exit, verdict::own}).run(frame).label == 1);
    CHECK(engine<net, says>(*w, says{exit, 3}).run(frame).label == 1);
  }
}

TEST_CASE(
    "within a budget of MACs an engine spends no more than it, and what it can: the first exit at least") {
  const auto w = packed_from<net>(weights());
  constexpr auto macs = path_macs<net>();
  frame_budget<macs.size()> budget{macs};
  engine<net, within_budget<always_last, macs.size()>> e(*w, budget);
  CHECK(e.run(frame).macs == macs[0]);
  for (std::size_t exit = 0; exit < macs.size(); ++exit) {
    budget.until = macs[exit];
    CHECK(e.run(frame).macs == macs[exit]);
    budget.until = macs[exit] - 1;
    CHECK(e.run(frame).macs == macs[exit == 0 ? 0 : exit - 1]);
  }
  budget.until = std::numeric_limits<std::uint64_t>::max();
  CHECK(e.run(frame).macs == macs.back());
}
