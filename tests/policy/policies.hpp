// SPDX-License-Identifier: MIT
// policies: logits that a policy must bear, and softmax in double.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <flexdnn/policy/evidence.hpp>
#include <random>
#include <vector>

namespace policies {

/// A network as by_threshold sees it.
template <int Exits>
struct with {
  static constexpr int exit_count = Exits;
};

[[nodiscard]] inline std::vector<double> softmax(const std::vector<float>& logits) {
  const double most = static_cast<double>(*std::ranges::max_element(logits));
  double sum = 0;
  std::vector<double> p;
  for (const float l : logits) p.push_back(std::exp(static_cast<double>(l) - most));
  for (const double e : p) sum += e;
  for (double& e : p) e /= sum;
  return p;
}

/// Finite logits of every kind: equal, huge, tiny, one class, hundreds, extremes of float.
[[nodiscard]] inline std::vector<std::vector<float>> hard_logits() {
  std::vector<std::vector<float>> all{{0.0F},
                                      {3e38F},
                                      {0, 0},
                                      {1e30F, -1e30F},
                                      {-1e30F, -1e30F, -1e30F},
                                      {3.4e38F, -3.4e38F, 0},
                                      {1e-38F, -1e-38F},
                                      {88.0F, 89.0F, -104.0F},
                                      {1000, 999, 0},
                                      {5, 5, 5, 5, 5, 5, 5},
                                      {0, 0, 1e30F, 1e30F}};
  for (std::size_t classes = 2; classes < 40; ++classes) all.emplace_back(classes, 2.5F);
  std::mt19937 random(5);
  for (int i = 0; i < 200; ++i) {
    std::normal_distribution<float> value(0.0F, std::exp2(static_cast<float>(i % 12) - 4.0F));
    std::vector<float> logits(2 + random() % 1000);
    for (float& l : logits) l = value(random);
    all.push_back(logits);
  }
  return all;
}

/// confidence against its definition on probabilities, and within [least, 1].
template <class Confidence, class Definition>
void agrees(Confidence confidence, Definition definition) {
  for (const std::vector<float>& logits : hard_logits()) {
    const float c = confidence(logits);
    CAPTURE(logits.size());
    CHECK(std::abs(static_cast<double>(c) - definition(softmax(logits))) < 2e-6);
    CHECK(c >= 0.0F);
    CHECK(c <= 1.0F);
  }
}

/// What the engine would ask at an exit.
[[nodiscard]] inline flexdnn::evidence at(const std::vector<float>& logits, int exit, int exits) {
  flexdnn::evidence e;
  e.logits = logits;
  e.label = static_cast<int>(std::ranges::max_element(logits) - logits.begin());
  e.exit = exit;
  e.exits = exits;
  e.previous = exit - 1;
  return e;
}

}  // namespace policies
