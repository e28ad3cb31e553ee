// SPDX-License-Identifier: MIT
// measure_candidates: seconds that exits would take on this machine, before they are compiled.
#pragma once

#include "candidate_trainer.hpp"

namespace flexdnn {

/// The trunk's parts as measure_costs finds them with all cut points in it; branches as branch_runner
/// computes them, by kernels for any shape: compiled ones are faster where a kernel is made for a shape
/// (depthwise). The final decision's time is every exit's. Medians of `rounds` (at least
/// 1); frame: any.
[[nodiscard]] inline exit_costs measure_candidates(const frozen_trunk& trunk,
                                                   std::span<const exit_candidate> candidates,
                                                   std::span<const float> frame, int rounds = 50) {
  using clock = std::chrono::steady_clock;
  const exit_costs parts = trunk.measure(frame, rounds);
  std::map<int, std::vector<float>> maps;
  (void)trunk.make_runner()->run(frame, [&](int cut, std::span<const float> map) {
    maps[cut] = {map.begin(), map.end()};
  });
  exit_costs costs;
  for (const exit_candidate& c : candidates) {
    branch_runner runner(c.branch);
    std::vector<double> seconds;
    for (int round = 0; round < rounds; ++round) {
      const auto start = clock::now();
      (void)runner.run(maps[c.cut].data());
      seconds.push_back(std::chrono::duration<double>(clock::now() - start).count());
    }
    costs.trunk.push_back(parts.trunk[static_cast<std::size_t>(c.cut - 1)]);
    costs.branch.push_back(detail::median_of(std::move(seconds)) + parts.branch.back());
  }
  costs.trunk.push_back(parts.trunk.back());
  costs.branch.push_back(parts.branch.back());
  return costs;
}

/// The same, measured by the first process for all.
[[nodiscard]] inline exit_costs measure_candidates(const frozen_trunk& trunk,
                                                   std::span<const exit_candidate> candidates,
                                                   std::span<const float> frame, communicator& processes) {
  const std::size_t exits = candidates.size() + 1;
  exit_costs costs{std::vector<double>(exits), std::vector<double>(exits)};
  if (processes.rank() == 0) costs = measure_candidates(trunk, candidates, frame);
  processes.broadcast(std::as_writable_bytes(std::span(costs.trunk)), 0);
  processes.broadcast(std::as_writable_bytes(std::span(costs.branch)), 0);
  return costs;
}

}  // namespace flexdnn
