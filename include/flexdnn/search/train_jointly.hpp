// SPDX-License-Identifier: MIT
// train_jointly: a trunk and the branches on it, which are data, trained together, and can be interrupted.
#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "../train/trainer.hpp"
#include "joint_graph.hpp"

namespace flexdnn {

/// The trunk's weights as they are trained: values; branches are trained in place. On an error both stay as
/// they were. path: of a checkpoint after every epoch, which is gone on from where it is there already;
/// empty: none. after_epoch(report) tells. teacher: of distillation; none: the network's own final answer.
/// Errors: those of trainer::run, save and resume. processes: all of them call it, the first one tells, reads
/// and writes.
template <class AfterEpoch>
status train_jointly(const frozen_trunk& trunk, std::vector<float>& values,
                     std::span<exit_candidate> branches, const labelled_frames& images,
                     const training& course, const std::string& path, AfterEpoch after_epoch,
                     trainer::teacher teacher = {}, progress_style style = progress_style::automatic,
                     communicator& processes = alone()) {
  std::vector<float> all = trunk.values();
  for (const exit_candidate& c : branches)
    all.insert(all.end(), c.branch.parameters.begin(), c.branch.parameters.end());
  trainer together(make_joint_graph(trunk, branches), all, images.format(), course, processes);
  together.learn_from(std::move(teacher));
  if (!path.empty()) {
    if (const status s = together.resume(path); !s && s.code() != code::cannot_open) return s;
  }
  const status s = together.run(
      images.copy(),
      [&](const epoch_report& report) {
        after_epoch(report);
        return path.empty() ? status{} : together.save(path);
      },
      style);
  if (!s) return s;
  auto from = all.cbegin();
  const auto take = [&](std::vector<float>& some) {
    std::copy_n(from, some.size(), some.begin());
    from += static_cast<std::ptrdiff_t>(some.size());
  };
  values.resize(trunk.values().size());
  take(values);
  for (exit_candidate& c : branches) take(c.branch.parameters);
  return {};
}

}  // namespace flexdnn
