// SPDX-License-Identifier: MIT
// by_level: one of several policies, chosen anew for each frame.
#pragma once

#include <array>
#include <cstddef>

#include "evidence.hpp"

namespace flexdnn {

/// Asks levels[level], most accurate first. level: read at every exit, and outlives the policy; a number that
/// is no level asks the last. For a level_choice, which says how careful a stream can afford to be.
template <class Policy, std::size_t Levels>
class by_level {
 public:
  constexpr by_level(const std::array<Policy, Levels>& levels, const std::size_t& level)
      : levels_(levels), level_(&level) {}

  verdict operator()(const evidence& e) const noexcept {
    return levels_[*level_ < Levels ? *level_ : Levels - 1](e);
  }

 private:
  std::array<Policy, Levels> levels_;
  const std::size_t* level_;
};

}  // namespace flexdnn
