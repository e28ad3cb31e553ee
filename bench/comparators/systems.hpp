// SPDX-License-Identifier: MIT
// systems: what each system would do with the frames of a stream, over what every variant said of them and
// what it takes, as measured.
#pragma once

#include <string>
#include <vector>

#include "variant_trace.hpp"

namespace comparators {

/// What became of a stream: frame by frame, everything that was spent charged where it was spent.
struct played {
  std::string system, setting;
  std::vector<int> labels;
  std::vector<double> seconds, macs;
  std::size_t bytes = 0;            ///< that are in memory at most: packed weights and engines
  std::size_t loads = 0;            ///< of a network, in place of another or to profile it
  std::vector<float> thresholds{};  ///< of a network with exits and one setting for all frames

  [[nodiscard]] double accuracy(const std::vector<int>& truth) const;
  [[nodiscard]] double mean_seconds() const;
  [[nodiscard]] double mean_macs() const;
};

/// The same variants on the frames that settings are chosen on, that thresholds are calibrated on, and that
/// are reported.
struct three_traces {
  stream_trace search, calibrate, report;
};

/// Every width by itself, and every width of the multi-capacity network: NestDNN (Fang et al. 2018) where
/// resources do not change. Simplified: filters are nested by position and trained together, with batch norms
/// of their own (Yu et al. 2019), in place of ranking and freezing them.
[[nodiscard]] std::vector<played> fixed(const three_traces& t);

/// The cheapest width that is right, frame by frame; the widest where none is. Changes are free: all stay in
/// memory. An oracle, no system.
[[nodiscard]] std::vector<played> bag_oracle(const three_traces& t);

/// Networks with exits: ours, and the widths of the multi-capacity network with exits (NestDNN's combined
/// with ours): thresholds on a path that was searched, calibrated by clip for each of some risks. BranchyNet
/// (Teerapittayanon et al. 2016): the cheapest thresholds on a grid within each of as many losses, on all
/// frames that are not reported.
[[nodiscard]] std::vector<played> with_exits(const three_traces& t);

/// MCDNN (Han et al. 2016) with one application: a budget of time for the stream; for each frame the most
/// accurate width whose time, and a hundredth of its load where it is not there, fits what is left for a
/// frame. One width is in memory. Simplified: no cloud, no specialised models.
[[nodiscard]] std::vector<played> mcdnn(const three_traces& t);

/// Chameleon (Jiang et al. 2018): width, resolution and frame rate (every frame, every second, every third; a
/// frame left out gets the label before it). Windows of 60 frames: the first four are run by all
/// configurations, in the three windows after that by the best five, and the cheapest that agrees with the
/// costliest often enough is kept. Profiling is charged, and a load for each network that is not in memory,
/// which holds one. Simplified: no correlation between cameras.
[[nodiscard]] std::vector<played> chameleon(const three_traces& t);

/// EdgeML (Zhao et al. 2021) without off-loading: every 30 frames a controller picks one of the risks'
/// threshold vectors of our network from the mean confidence and the share of early exits of the 30 before.
/// Simplified: its reward, accuracy less a price times cost, is linear in these, one regression an action
/// over the frames that are not reported, in place of deep reinforcement learning.
[[nodiscard]] std::vector<played> edgeml(const three_traces& t);

}  // namespace comparators
