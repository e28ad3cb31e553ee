// SPDX-License-Identifier: MIT
// small: a user's network, and weights for it of every kind: large, tiny, denormal, negative zero.
#pragma once

#include <array>
#include <cstddef>
#include <flexdnn/flexdnn.hpp>

struct small
    : flexdnn::with_exits<
          flexdnn::network<flexdnn::input<3, 8, 8>, flexdnn::conv2d<6, flexdnn::kernel<3>>, flexdnn::relu,
                           flexdnn::global_average_pool, flexdnn::dense<4>>,
          flexdnn::at<1, flexdnn::exit_branch<"early", flexdnn::global_average_pool, flexdnn::dense<4>>>> {};

constexpr float weight(std::size_t i) {
  constexpr std::array odd{-0.0F, 0x1p-149F, -0x1.8p-130F, 0x1.fffffep126F, 0.1F, -1.0F, 0.0F};
  return i < odd.size() ? odd[i] : 0.001F * static_cast<float>(i % 97) - 0.05F;
}
