// SPDX-License-Identifier: MIT
// Thresholds of cifar10_resnet20_exits for entropy_confidence, written by examples/calibrate_exits.
#pragma once

#include <array>
#include <flexdnn/calibrate/risk_level.hpp>

namespace flexdnn {

inline constexpr std::array<risk_level<5>, 5> cifar10_resnet20_exits_thresholds{{
    {0.0025, {0x1.ec8304p-1F, 0x1.e9e1c2p-1F, 0x1.f0f06p-1F, 0x1.f3326ep-1F}, 3.351e+07},
    {0.005, {0x1.e910d8p-1F, 0x1.de557p-1F, 0x1.e885c6p-1F, 0x1.ed8d6ep-1F}, 3.184e+07},
    {0.01, {0x1.ddb728p-1F, 0x1.c4d234p-1F, 0x1.d4d28ap-1F, 0x1.e2ec82p-1F}, 2.907e+07},
    {0.02, {0x1.b762dp-1F, 0x1.acb67ep-1F, 0x1.c2baacp-1F, 0x1.d534bcp-1F}, 2.615e+07},
    {0.05, {0x1.74b2f8p-1F, 0x1.7902fcp-1F, 0x1.9c7b54p-1F, 0x1.bd6b06p-1F}, 2.115e+07},
}};

}  // namespace flexdnn
