// SPDX-License-Identifier: MIT
// branch_surgery: a trained branch with a stage or some channels fewer, the rest of its weights kept.
#pragma once

#include <cmath>
#include <numeric>

#include "../train/initialise.hpp"
#include "branch_design.hpp"

namespace flexdnn {

/// A design and its weights, in the order of its layers: the exit's part of a canonical block.
struct branch_candidate {
  branch_design design;
  std::vector<float> parameters;
};

[[nodiscard]] inline branch_candidate drawn(branch_design design, random_generator& random) {
  branch_candidate c{std::move(design), {}};
  c.parameters.resize(c.design.parameters());
  initialise(c.design.graph(), trained_part::whole, random.next(), c.parameters);
  return c;
}

namespace detail {

/// Where the weights of a stage lie: depthwise, pointwise, batch norm. For the number of stages: the dense
/// layer as `pointwise`, whose bias follows.
struct stage_weights {
  std::size_t depthwise = 0, pointwise = 0, norm = 0;
};

[[nodiscard]] inline std::vector<stage_weights> places_of(const branch_design& d) {
  std::vector<stage_weights> places;
  std::size_t at = 0;
  for (std::size_t s = 0; s < d.stages.size(); ++s) {
    stage_weights w;
    if (d.stages[s].what == branch_stage::kind::separable) {
      const auto in = static_cast<std::size_t>(d.channels_into(s)),
                 out = static_cast<std::size_t>(d.stages[s].channels);
      w = {at, at + 9 * in, at + 9 * in + in * out};
      at = w.norm + 4 * out;
    }
    places.push_back(w);
  }
  places.push_back({at, at, at});
  return places;
}

/// The next stage after `stage` that has weights, or the dense layer.
[[nodiscard]] inline std::size_t reader_of(const branch_design& d, std::size_t stage) {
  std::size_t next = stage + 1;
  while (next < d.stages.size() && d.stages[next].what != branch_stage::kind::separable) ++next;
  return next;
}

}  // namespace detail

/// How much each channel that a separable stage gives can change what follows: the size of its batch norm's
/// scale times the sum of the sizes of the weights that read it. (Network slimming, Liu et al. 2017, ranks by
/// the scale alone, which says nothing until a penalty has made scales sparse.)
[[nodiscard]] inline std::vector<double> channel_weights(const branch_candidate& c, std::size_t stage) {
  const auto places = detail::places_of(c.design);
  const std::size_t reader = detail::reader_of(c.design, stage);
  const auto channels = static_cast<std::size_t>(c.design.stages[stage].channels);
  const bool dense = reader == c.design.stages.size();
  const auto outputs = static_cast<std::size_t>(dense ? c.design.classes : c.design.stages[reader].channels);
  const float* const w = c.parameters.data();
  std::vector<double> result;
  for (std::size_t k = 0; k < channels; ++k) {
    double readers = 0.0, window = 0.0;
    for (std::size_t o = 0; o < outputs; ++o) {
      readers += std::abs(static_cast<double>(w[places[reader].pointwise + o * channels + k]));
    }
    for (std::size_t i = 0; i < 9 && !dense; ++i) {
      window += std::abs(static_cast<double>(w[places[reader].depthwise + 9 * k + i]));
    }
    result.push_back(std::abs(static_cast<double>(w[places[stage].norm + k])) * readers *
                     (dense ? 1.0 : window));
  }
  return result;
}

/// The `kept` channels of greatest weight of a separable stage; all other weights stay as they are.
[[nodiscard]] inline branch_candidate narrowed(const branch_candidate& c, std::size_t stage, int kept) {
  const auto channels = static_cast<std::size_t>(c.design.stages[stage].channels);
  const std::vector<double> weight = channel_weights(c, stage);
  std::vector<std::size_t> chosen(channels);
  std::iota(chosen.begin(), chosen.end(), std::size_t{0});
  std::ranges::stable_sort(chosen, [&](std::size_t a, std::size_t b) { return weight[a] > weight[b]; });
  chosen.resize(static_cast<std::size_t>(kept));
  std::ranges::sort(chosen);

  branch_candidate result{c.design, {}};
  result.design.stages[stage].channels = kept;
  const auto places = detail::places_of(c.design);
  const std::size_t reader = detail::reader_of(c.design, stage);
  const bool dense = reader == c.design.stages.size();
  const auto outputs = static_cast<std::size_t>(dense ? c.design.classes : c.design.stages[reader].channels);
  const auto inputs = static_cast<std::size_t>(c.design.channels_into(stage));
  std::vector<float>& to = result.parameters;
  const auto copy = [&](std::size_t first, std::size_t count) {
    to.insert(to.end(), c.parameters.begin() + static_cast<std::ptrdiff_t>(first),
              c.parameters.begin() + static_cast<std::ptrdiff_t>(first + count));
  };
  copy(0, places[stage].pointwise);
  for (const std::size_t k : chosen) copy(places[stage].pointwise + k * inputs, inputs);
  for (std::size_t part = 0; part < 4; ++part) {
    for (const std::size_t k : chosen) copy(places[stage].norm + part * channels + k, 1);
  }
  for (const std::size_t k : chosen) {
    if (!dense) copy(places[reader].depthwise + 9 * k, 9);
  }
  for (std::size_t o = 0; o < outputs; ++o) {
    for (const std::size_t k : chosen) copy(places[reader].pointwise + o * channels + k, 1);
  }
  const std::size_t rest = places[reader].pointwise + outputs * channels;
  copy(rest, c.parameters.size() - rest);
  return result;
}

/// The branch without a stage. Where what follows a separable one reads another number of channels then, its
/// weights are drawn anew.
[[nodiscard]] inline branch_candidate without_stage(const branch_candidate& c, std::size_t stage,
                                                    random_generator& random) {
  branch_candidate result{c.design, {}};
  result.design.stages.erase(result.design.stages.begin() + static_cast<std::ptrdiff_t>(stage));
  result = drawn(result.design, random);
  const auto from = detail::places_of(c.design), to = detail::places_of(result.design);
  for (std::size_t s = 0; s < to.size(); ++s) {
    const std::size_t old = s < stage ? s : s + 1;
    if (s < result.design.stages.size() && result.design.stages[s].what != branch_stage::kind::separable)
      continue;
    if (result.design.channels_into(s) != c.design.channels_into(old)) continue;
    const bool dense = s == result.design.stages.size();
    const std::size_t begin = from[old].depthwise;
    const std::size_t size =
        dense ? c.parameters.size() - begin
              : from[old].norm + 4 * static_cast<std::size_t>(c.design.stages[old].channels) - begin;
    std::copy_n(c.parameters.begin() + static_cast<std::ptrdiff_t>(begin), size,
                result.parameters.begin() + static_cast<std::ptrdiff_t>(to[s].depthwise));
  }
  return result;
}

}  // namespace flexdnn
