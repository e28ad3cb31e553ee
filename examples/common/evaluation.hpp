// SPDX-License-Identifier: MIT
// evaluation: frames through a model, the adaptive network in turn with its backbone, and what came of it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <flexdnn/io/records.hpp>
#include <flexdnn/kernels/convert.hpp>
#include <flexdnn/train/progress_bar.hpp>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "model.hpp"

namespace examples {

/// Runs of each frame. Its time is the shortest of them: what other programs add to a run only lengthens it.
inline constexpr int runs_a_frame = 3;

/// What one engine made of a frame.
struct timed_prediction : prediction {
  double seconds = std::numeric_limits<double>::infinity();
};

struct frame_result {
  int truth = 0;  ///< as in the record: nothing promises that it is a class
  timed_prediction backbone, adaptive;
};

/// Runs the first `count` frames; source(i, out) writes frame i, normalised, and returns its class. Adaptive
/// network and backbone take turns run by run, and change who goes first: clock speed, caches and other
/// programs meet both alike.
template <class Source>
std::vector<frame_result> evaluate(const model& m, const opened& engines, std::size_t count, Source source) {
  std::vector<frame_result> results(count);
  std::vector<float> frame(m.data.frame.size());
  flexdnn::progress_bar bar(std::string(m.name), count);
  const auto run = [&](classifier* one, timed_prediction& result) {
    if (one == nullptr) return;
    double seconds = 0.0;
    static_cast<prediction&>(result) = one->run(frame, seconds);
    result.seconds = std::min(result.seconds, seconds);
  };
  // Round -1 of the first frame warms up: page faults of the weights, the processor's clock.
  for (std::size_t i = 0; i < count; ++i) {
    frame_result& r = results[i];
    r.truth = source(i, std::span<float>(frame));
    for (int round = i == 0 ? -1 : 0; round < runs_a_frame; ++round) {
      const bool backbone_first = (i + static_cast<std::size_t>(round + 1)) % 2 == 0;
      if (backbone_first) run(engines.backbone.get(), r.backbone);
      run(engines.adaptive.get(), r.adaptive);
      if (!backbone_first) run(engines.backbone.get(), r.backbone);
      if (round < 0) r.backbone.seconds = r.adaptive.seconds = std::numeric_limits<double>::infinity();
    }
    bar.advance();
  }
  return results;
}

/// The same of records.
inline std::vector<frame_result> evaluate(const model& m, const opened& engines,
                                          const flexdnn::records& images, std::size_t count) {
  return evaluate(m, engines, count, [&](std::size_t i, std::span<float> frame) -> int {
    flexdnn::normalize_planar(m.data.frame, images.pixels(i).data(), m.data.mean, m.data.deviation,
                              frame.data(), m.data.unit, m.data.order);
    return images.label(i);
  });
}

/// Sums over the frames that left at one exit, or over all frames.
struct tally {
  std::size_t frames = 0, adaptive_right = 0, backbone_right = 0, not_finite = 0, unknown_truth = 0;
  std::uint64_t macs = 0;
  double adaptive_seconds = 0.0, backbone_seconds = 0.0;

  void add(const frame_result& r, std::size_t classes) {
    ++frames;
    adaptive_right += r.adaptive.label == r.truth ? 1 : 0;
    backbone_right += r.backbone.label == r.truth ? 1 : 0;
    not_finite += r.backbone.finite && r.adaptive.finite ? 0 : 1;
    unknown_truth += static_cast<std::size_t>(r.truth) >= classes ? 1 : 0;
    macs += r.adaptive.macs;
    adaptive_seconds += r.adaptive.seconds;
    backbone_seconds += r.backbone.seconds;
  }
  /// None where a label is no class: it would count as an error of the network.
  [[nodiscard]] std::optional<double> share_right(std::size_t right) const {
    if (unknown_truth > 0 || frames == 0) return std::nullopt;
    return static_cast<double>(right) / static_cast<double>(frames);
  }
  [[nodiscard]] std::optional<double> adaptive_accuracy() const { return share_right(adaptive_right); }
  [[nodiscard]] std::optional<double> backbone_accuracy() const { return share_right(backbone_right); }
};

struct summary {
  tally all;
  std::vector<tally> by_exit;
};

inline summary summarize(const model& m, const std::vector<frame_result>& results) {
  summary s;
  s.by_exit.resize(m.exits.size());
  for (const frame_result& r : results) {
    s.all.add(r, m.data.class_count);
    if (m.adaptive()) s.by_exit[static_cast<std::size_t>(r.adaptive.exit)].add(r, m.data.class_count);
  }
  return s;
}

}  // namespace examples
