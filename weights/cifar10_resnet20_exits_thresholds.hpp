// SPDX-License-Identifier: MIT
// Thresholds of cifar10_resnet20_exits for entropy_confidence, written by examples/calibrate_exits.
#pragma once

#include <array>
#include <flexdnn/calibrate/risk_level.hpp>

namespace flexdnn {

inline constexpr std::array<risk_level<5>, 1> cifar10_resnet20_exits_thresholds{{
    {0.01, {0x1p+0F, 0x1p+0F, 0x1p+0F, 0x1p+0F}},
}};

}  // namespace flexdnn
