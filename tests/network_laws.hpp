// SPDX-License-Identifier: MIT
// network_laws: everything that must hold of a network and its engine, by one line a network.
#pragma once

#include <doctest/doctest.h>

#include <cmath>
#include <memory>
#include <vector>

#include "naive.hpp"

/// Leaves at the first exit from number `exit` on.
struct leave_from {
  int exit = 0;
  flexdnn::verdict operator()(const flexdnn::evidence& e) const noexcept { return {e.exit >= exit, 0.5F}; }
};

template <class Network, class Target = flexdnn::native_target>
std::unique_ptr<flexdnn::packed<Network, Target>> packed_from(const std::vector<float>& canonical) {
  constexpr std::size_t wanted = flexdnn::lowered<Network>::parameters;
  REQUIRE(canonical.size() == wanted);
  auto result = std::make_unique<flexdnn::packed<Network, Target>>();
  flexdnn::pack(std::span<const float, wanted>(canonical), *result);
  return result;
}

template <class Engine>
std::vector<float> logits_of(const Engine& e) {
  return {e.logits().begin(), e.logits().end()};
}

/// Random weights; Written is the same network without loops or inserted exits, for the naive evaluation:
/// by default Network itself. Every exit's scores equal the naive ones, whatever the target; resuming and
/// finishing give the bits of a run that never stopped; an answer's cost is its path's.
template <class Network, class Written = Network>
void network_laws(std::uint32_t seed = 1) {
  using namespace flexdnn;
  using low = lowered<Network>;
  std::mt19937 random(seed);
  reference::naive naive(seed);
  const std::vector<float> frame = reference::uniform(Network::frame.size(), random);
  const auto& wanted = naive.run<Written>(frame);
  REQUIRE(wanted.size() == low::exit_count);
  CHECK(naive.trunk_weights() == low::trunk_parameters);
  const auto weights = packed_from<Network>(naive.weights());

  const auto net = std::make_unique<engine<Network, leave_from>>(*weights, 0);
  const typename engine<Network>::frame view(frame);
  std::vector<std::vector<float>> logits;
  for (int exit = 0; exit < low::exit_count; ++exit) {
    CAPTURE(exit);
    const auto i = static_cast<std::size_t>(exit);
    engine<Network, leave_from> fresh(*weights, exit);
    const auto answer = fresh.run(view);
    logits.push_back(logits_of(fresh));
    CHECK(reference::relative_l2(logits.back(), wanted[i]) < 1e-5);
    CHECK(answer.exit == exit);
    CHECK(answer.macs == low::exits[i].macs);
    CHECK(answer.finite);
    CHECK(logits.back()[static_cast<std::size_t>(answer.label)] == *std::ranges::max_element(logits.back()));
    double sum = 0;
    for (const float p : answer.probabilities) sum += static_cast<double>(p);
    CHECK(std::abs(sum - 1) < 1e-6);
    CHECK(fresh.can_resume() == (exit + 1 < low::exit_count));

    const auto resumed = exit == 0 ? net->run(view) : net->resume();
    CHECK(resumed.macs == answer.macs);
    CHECK(resumed.probabilities == answer.probabilities);
    CHECK(logits_of(*net) == logits.back());
  }
  CHECK(net->resume().exit == low::exit_count - 1);  // nothing is left: the same answer again
  CHECK(logits_of(*net) == logits.back());
  for (int exit = 0; exit < low::exit_count; ++exit) {
    engine<Network, leave_from> stopped(*weights, exit);
    stopped.run(view);
    const auto answer = stopped.finish();
    CHECK(answer.exit == low::exit_count - 1);
    CHECK(logits_of(stopped) == logits.back());
    const std::uint64_t branches = low::exits[static_cast<std::size_t>(exit)].macs -
                                   low::exits[static_cast<std::size_t>(exit)].trunk_macs;
    const auto& last = low::exits.back();
    CHECK(answer.macs == last.trunk_macs + branches + (exit + 1 < low::exit_count ? last.branch_macs : 0));
  }
  engine<Network> backbone(*weights);
  CHECK(backbone.run(view).macs == low::exits.back().trunk_macs + low::exits.back().branch_macs);
  CHECK(logits_of(backbone) == logits.back());

  const auto plain = packed_from<Network, cpu<scalar>>(naive.weights());
  engine<Network, leave_from, cpu<scalar>> twin(*plain, 0);
  for (int exit = 0; exit < low::exit_count; ++exit) {
    exit == 0 ? twin.run(view) : twin.resume();
    CHECK(reference::relative_l2(logits_of(twin), wanted[static_cast<std::size_t>(exit)]) < 1e-5);
  }
}
