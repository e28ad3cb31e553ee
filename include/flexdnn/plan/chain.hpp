// SPDX-License-Identifier: MIT
// chain: which depthwise and pointwise steps are fused by rows.
#pragma once

#include "division.hpp"
#include "lowered.hpp"

namespace flexdnn {

/// Whether a map between a depthwise and a pointwise convolution need not exist. It then does not where that
/// makes a network's working memory smaller: MobileNetV2 on 224 x 224 takes 2.5 MB instead of 5.9, in the
/// same time within 1 %. Specialise it to overrule:
///   template <flexdnn::tile T>
///   inline constexpr bool flexdnn::row_fusion<flexdnn::shape{96, 56, 56}, T> = false;
/// where a network with it is used for the first time, and in every translation unit alike.
template <shape Map, tile Tile>
inline constexpr bool row_fusion = true;

/// A step as a link of a chain: what it computes (nothing where it is no convolution), and row_fusion of its
/// output.
struct link_candidate {
  convolution layer{};
  bool fuse = false;

  /// Whether it is pointwise, and a row's last bits stay the same when it is computed with fewer others.
  [[nodiscard]] constexpr bool pointwise(const tile& t) const {
    return layer.out.size() > 0 && layer.pointwise() && layer.groups == 1 && layer.how == algorithm::direct &&
           layer.out.width >= steady_pixels(layer, t);
  }
  [[nodiscard]] constexpr bool depthwise() const { return layer.out.size() > 0 && layer.depthwise(); }
};

/// Steps as they are called: the first of a chain stands for all of it, the others are not called.
template <std::size_t Steps>
struct chained {
  std::array<int, Steps> length{};  ///< of the chain that begins here; 1: a step alone; 0: inside a chain
  std::array<step, Steps> steps{};  ///< those inside a chain have no values
};

namespace detail {

/// Whether step s + 1, and nothing else, reads what step s writes.
template <class Network>
[[nodiscard]] constexpr bool feeds_next(std::size_t s) {
  using low = lowered<Network>;
  const step &one = low::steps[s], &next = low::steps[s + 1];
  if (next.input != one.output || one.residual >= 0 || one.pitch > 0 || one.loop != next.loop) return false;
  int readers = 0;
  for (const step& other : low::steps) {
    readers += (other.input == one.output) + (other.residual == one.output) + (other.output == one.output);
  }
  for (const loop& l : low::loops) readers += l.carried_in == one.output || l.carried_out == one.output;
  for (const exit_point& e : low::exits) readers += e.input == one.output || e.value == one.output;
  return readers == 2;  // step s + 1, and s itself as the writer
}

}  // namespace detail

/// Chains of [pointwise,] depthwise, pointwise whose maps, were they all there, would take more memory than
/// any step takes that remains. A sum that a loop has stand in the place of a chain's input then never begins
/// with a depthwise layer, which would still read it: all maps of such a residual are of one size.
template <class Network, std::size_t Steps>
[[nodiscard]] consteval chained<Steps> find_chains(const std::array<link_candidate, Steps>& links,
                                                   const tile& t) {
  constexpr auto& steps = lowered<Network>::steps;
  // What a call from step `first` to step `last` reads and writes; the frame lies with the caller.
  const auto ends = [&](std::size_t first, std::size_t last) {
    return (steps[first].input > 0 ? steps[first].in.size() : 0) + steps[last].out.size();
  };
  chained<Steps> found;
  std::size_t needed = 0;
  for (std::size_t s = 0, n = 1; s < Steps; s += n) {
    const std::size_t d = s + 1 < Steps && links[s].pointwise(t) && links[s + 1].depthwise() ? s + 1 : s;
    bool fits = d + 1 < Steps && links[d].depthwise() && links[d + 1].pointwise(t);
    for (std::size_t i = s; fits && i <= d; ++i) fits = links[i].fuse && detail::feeds_next<Network>(i);
    n = fits ? d + 2 - s : 1;
    found.length[s] = static_cast<int>(n);
    needed = std::max(needed, ends(s, s + n - 1));
  }
  for (std::size_t s = 0, n = 1; s < Steps; s += n) {
    n = static_cast<std::size_t>(found.length[s]);
    std::size_t alone = 0;
    for (std::size_t i = s; i < s + n; ++i) alone = std::max(alone, ends(i, i));
    if (alone <= needed) {
      for (std::size_t i = s; i < s + n; ++i) found.length[i] = 1;
      n = 1;
    }
    found.steps[s] = steps[s + n - 1];
    found.steps[s].input = steps[s].input;
    found.steps[s].in = steps[s].in;
  }
  return found;
}

}  // namespace flexdnn
