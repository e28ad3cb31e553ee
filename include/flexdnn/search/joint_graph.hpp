// SPDX-License-Identifier: MIT
// joint_graph: a backbone with branches that are data, as one graph for training them together.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "candidate_trainer.hpp"

namespace flexdnn {

/// What an exit at a cut point is called, in graphs and in what is emitted.
[[nodiscard]] inline std::string exit_name(int cut) { return "after_" + std::to_string(cut); }

/// The graph that make_training_graph gives of the backbone with these branches as a type; parameters: the
/// backbone's, then each branch's. candidates: in order of their cut points, one at each at most.
[[nodiscard]] inline training_graph make_joint_graph(const frozen_trunk& trunk,
                                                     std::span<const exit_candidate> candidates) {
  // Where cut points lie only a network with exits tells: in the one that has an exit at each, branches that
  // are wanted take the place of those there, and the others go.
  const training_graph probed = trunk.probed_graph();
  training_graph joint;
  joint.parameters = trunk.values().size();
  std::vector<int> number(probed.maps.size(), -1);  // of a map of the trunk here
  number[0] = 0, joint.maps.push_back(probed.maps[0]);
  const auto renumber = [&](int& map) {
    if (map < 0) return;
    int& here = number[static_cast<std::size_t>(map)];
    if (here < 0) {
      here = static_cast<int>(joint.maps.size());
      joint.maps.push_back(probed.maps[static_cast<std::size_t>(map)]);
    }
    map = here;
  };
  const auto insert = [&](const exit_candidate& c, int map) {
    const training_graph branch = c.branch.design.graph();
    const int first = static_cast<int>(joint.maps.size()) - 1;  // its map 0 is the trunk's
    const auto here = [&](int m) { return m <= 0 ? (m == 0 ? map : m) : first + m; };
    for (operation o : branch.operations) {
      o.input = here(o.input), o.second = here(o.second), o.output = here(o.output);
      o.weights += joint.parameters;
      o.exit = static_cast<int>(joint.exits.size());
      joint.operations.push_back(std::move(o));
    }
    joint.maps.insert(joint.maps.end(), branch.maps.begin() + 1, branch.maps.end());
    joint.exits.push_back({exit_name(c.cut), here(branch.exits[0].scores)});
    joint.parameters += branch.parameters;
  };
  int last_cut = 0;
  for (operation o : probed.operations) {
    if (o.exit < 0) {
      for (int* const map : {&o.input, &o.second, &o.output}) renumber(*map);
      joint.operations.push_back(std::move(o));
      continue;
    }
    const int cut = o.exit + 1;
    if (cut == last_cut) continue;
    last_cut = cut;
    for (const exit_candidate& c : candidates) {
      if (c.cut == cut) insert(c, number[static_cast<std::size_t>(o.input)]);
    }
  }
  joint.exits.push_back(probed.exits.back());
  renumber(joint.exits.back().scores);
  return joint;
}

}  // namespace flexdnn
