// SPDX-License-Identifier: MIT
// Thresholds of cifar10_resnet56_exits for entropy_confidence, written by examples/calibrate_exits.
#pragma once

#include <array>
#include <flexdnn/calibrate/risk_level.hpp>

namespace flexdnn {

inline constexpr std::array<risk_level<5>, 5> cifar10_resnet56_exits_thresholds{{
    {0.0025, {0x1p+0F, 0x1p+0F, 0x1.d9ed7p-1F, 0x1.ff6228p-1F}},
    {0.005, {0x1p+0F, 0x1p+0F, 0x1.c9f4ecp-1F, 0x1p+0F}},
    {0.01, {0x1p+0F, 0x1.c0a32ep-1F, 0x1.c9f4ecp-1F, 0x1p+0F}},
    {0.02, {0x1.9a6adep-1F, 0x1.c0a32ep-1F, 0x1.c9f4ecp-1F, 0x1p+0F}},
    {0.05, {0x1.708c94p-1F, 0x1p+0F, 0x1.7951c4p-1F, 0x1p+0F}},
}};

}  // namespace flexdnn
