// SPDX-License-Identifier: MIT
// tracks: frames of videos in the order of time, and what every exit of a network says of them.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <flexdnn/calibrate/exit_trace.hpp>
#include <flexdnn/calibrate/policy_replay.hpp>
#include <flexdnn/engine/engine.hpp>
#include <flexdnn/kernels/convert.hpp>
#include <memory>
#include <numeric>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "image_set.hpp"

namespace examples {

/// Numbers of images.
using track_order = std::vector<std::uint32_t>;

/// Clip by clip, a clip's frames in the order of time.
[[nodiscard]] inline track_order in_time(const image_set& set, track_order chosen) {
  std::ranges::sort(chosen, {}, [&](std::uint32_t i) { return std::pair(set.clips[i], set.frames[i]); });
  return chosen;
}

/// An image as the network wants it, in `frame`.
template <class Network>
[[nodiscard]] typename flexdnn::engine<Network>::frame normalized(const image_set& set, std::size_t image,
                                                                  std::vector<float>& frame) {
  frame.resize(Network::frame.size());
  flexdnn::normalize_planar(set.images.extent, set.images.pixels(image).data(), Network::data::mean,
                            Network::data::deviation, frame.data());
  return typename flexdnn::engine<Network>::frame(frame);
}

template <class Network>
[[nodiscard]] flexdnn::logit_trace trace_of(const flexdnn::packed<Network>& weights, const image_set& set,
                                            const track_order& order) {
  flexdnn::logit_trace trace(static_cast<std::size_t>(Network::exit_count),
                             static_cast<std::size_t>(flexdnn::lowered<Network>::classes));
  const auto net = std::make_unique<flexdnn::engine<Network>>(weights);
  std::vector<float> frame, logits;
  for (const std::uint32_t i : order) {
    logits.clear();
    (void)net->run(normalized<Network>(set, i, frame), [&](const flexdnn::evidence& e, flexdnn::verdict) {
      logits.insert(logits.end(), e.logits.begin(), e.logits.end());
    });
    trace.add(logits, set.images.label(i), set.clips[i]);
  }
  return trace;
}

/// Time of the network by a policy as a share of the backbone's, in turn. A frame's time is the shortest of
/// three passes, each with a new copy of the policy, which reads `clip`. Throws where the engine answers a
/// frame otherwise than expected.
template <class Network, class Policy>
[[nodiscard]] double time_share(const flexdnn::packed<Network>& weights, const Policy& policy,
                                const image_set& set, const track_order& order, std::size_t& clip,
                                const std::vector<flexdnn::replayed_answer>& expected) {
  const auto plain = std::make_unique<flexdnn::engine<Network>>(weights);
  std::vector<double> own(order.size(), 1.0), whole(order.size(), 1.0);
  std::vector<float> pixels;
  for (int pass = 0; pass < 3; ++pass) {
    const auto net = std::make_unique<flexdnn::engine<Network, Policy>>(weights, policy);
    for (std::size_t n = 0; n < order.size(); ++n) {
      clip = static_cast<std::size_t>(set.clips[order[n]]);
      const auto frame = normalized<Network>(set, order[n], pixels);
      const auto timed = [&](auto& one, double& shortest) {
        const auto start = std::chrono::steady_clock::now();
        const auto a = one.run(frame);
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
        shortest = std::min(shortest, took.count());
        return flexdnn::replayed_answer{static_cast<std::size_t>(a.exit), a.label};
      };
      if (n % 2 == 0) timed(*plain, whole[n]);
      const flexdnn::replayed_answer a = timed(*net, own[n]);
      if (n % 2 == 1) timed(*plain, whole[n]);
      if (a == expected[n]) continue;
      throw std::runtime_error("frame " + std::to_string(n) + ": the engine and the replay differ");
    }
  }
  return std::reduce(own.begin(), own.end()) / std::reduce(whole.begin(), whole.end());
}

/// Each frame by itself, as the policy scores it.
template <class Policy>
[[nodiscard]] flexdnn::exit_trace scored(const flexdnn::logit_trace& t) {
  flexdnn::exit_trace each(t.exits());
  std::vector<int> labels(t.exits());
  std::vector<float> confidences(t.exits());
  for (std::size_t i = 0; i < t.frames(); ++i) {
    for (std::size_t e = 0; e < t.exits(); ++e) {
      labels[e] = t.label(e, i), confidences[e] = Policy::confidence(t.logits(e, i));
    }
    each.add(labels, confidences, t.truth(i), t.clip(i));
  }
  return each;
}

}  // namespace examples
