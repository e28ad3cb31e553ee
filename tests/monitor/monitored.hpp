// SPDX-License-Identifier: MIT
// monitored: a small network with two early exits that leave often and are wrong at times.
#pragma once

#include <memory>
#include <random>

#include "network_laws.hpp"

namespace monitored {

using namespace flexdnn;

struct net : network<input<6, 1, 1>, exit_branch<"a", dense<4>>, dense<8>, relu, exit_branch<"b", dense<4>>,
                     dense<8>, relu, dense<4>> {};
using sure = entropy_confidence<net>;

inline auto weights() {
  std::mt19937 random(11);
  std::normal_distribution<float> value;
  std::vector<float> all(lowered<net>::parameters);
  for (float& w : all) w = value(random);
  return packed_from<net>(all);
}

inline auto adaptive(const packed<net>& w) {
  return std::make_unique<engine<net, sure>>(w, thresholds{0.9F, 0.8F});
}

inline std::array<float, 6> frame(std::mt19937& random) {
  std::normal_distribution<float> value;
  std::array<float, 6> f;
  for (float& v : f) v = value(random);
  return f;
}

}  // namespace monitored
