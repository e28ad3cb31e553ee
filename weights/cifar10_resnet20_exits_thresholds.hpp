// SPDX-License-Identifier: MIT
// Thresholds of cifar10_resnet20_exits for entropy_confidence, written by examples/calibrate_exits.
#pragma once

#include <array>
#include <flexdnn/calibrate/risk_level.hpp>

namespace flexdnn {

inline constexpr std::array<risk_level<5>, 5> cifar10_resnet20_exits_thresholds{{
    {0.0025, {0x1p+0F, 0x1.e5db5cp-1F, 0x1p+0F, 0x1.e77c0ep-1F}},
    {0.005, {0x1.d4067cp-1F, 0x1.e5db5cp-1F, 0x1p+0F, 0x1.e77c0ep-1F}},
    {0.01, {0x1.be05d8p-1F, 0x1.e5db5cp-1F, 0x1.dc097ep-1F, 0x1.e77c0ep-1F}},
    {0.02, {0x1.aee194p-1F, 0x1.de962p-1F, 0x1.dc097ep-1F, 0x1.b1c6f6p-1F}},
    {0.05, {0x1.b76c34p-1F, 0x1.73c55p-1F, 0x1.bab3cep-1F, 0x1.8df552p-1F}},
}};

}  // namespace flexdnn
