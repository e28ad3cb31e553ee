// SPDX-License-Identifier: MIT
// problem: what there is to adapt: random weights of the small backbone, and how to train on its images.
#pragma once

#include <flexdnn/search/adapt.hpp>

#include "small_backbone.hpp"

namespace search_test {

using namespace flexdnn;

/// Filters at random, blocks' batch norms neutral. Nobody asks what the backbone itself answers.
inline weights<small_backbone> random_trunk() {
  weights<small_backbone> w;
  random_generator random(33);
  for (float& x : w.values) x = static_cast<float>(0.2 * random.normal());
  for (const named_parameter& p : parameters<small_backbone>()) {
    const bool one =
        p.name.ends_with("running_var") || p.name.ends_with("bn1.weight") || p.name.ends_with("bn2.weight");
    const bool none = p.name.ends_with("running_mean") || p.name.ends_with("bias");
    if (one || none)
      std::fill_n(w.values.begin() + static_cast<std::ptrdiff_t>(p.offset), p.size, one ? 1.0F : 0.0F);
  }
  return w;
}

inline candidate_training quick_training(int epochs) {
  return {
      .epochs = epochs, .batch = 32, .learning_rate = 1e-2, .images = {.flip = true, .shift = 1}, .seed = 7};
}

}  // namespace search_test
