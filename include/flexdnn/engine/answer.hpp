// SPDX-License-Identifier: MIT
// answer: what an engine says of a frame.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace flexdnn {

template <int Classes>
struct answer {
  int label = 0;            ///< class of the largest logit, or what the policy says in its place
  int exit = 0;             ///< number of the exit that answered, from 0
  float confidence = 0.0F;  ///< as the policy scored it; 0 where the logits are not finite
  bool finite = true;       ///< false: an exit on the way gave NaN or infinity (and was passed over)
  std::uint64_t macs = 0;   ///< multiply-accumulates that this frame took
  std::array<float, static_cast<std::size_t>(Classes)> probabilities{};  ///< softmax; zeros if not finite
};

}  // namespace flexdnn
