// SPDX-License-Identifier: MIT
// Thresholds of cifar10_resnet56_exits for entropy_confidence, written by examples/calibrate_exits.
#pragma once

#include <array>
#include <flexdnn/calibrate/risk_level.hpp>

namespace flexdnn {

inline constexpr std::array<risk_level<5>, 5> cifar10_resnet56_exits_thresholds{{
    {0.0025, {0x1.ea5e3cp-1F, 0x1p+0F, 0x1.ee2954p-1F, 0x1.f5ba9ep-1F}},
    {0.005, {0x1.defd3ap-1F, 0x1p+0F, 0x1.d9ed7p-1F, 0x1.f5ba9ep-1F}},
    {0.01, {0x1.b8c5b4p-1F, 0x1p+0F, 0x1.c600e2p-1F, 0x1.f5ba9ep-1F}},
    {0.02, {0x1.a11ebcp-1F, 0x1p+0F, 0x1.9d67e8p-1F, 0x1p+0F}},
    {0.05, {0x1.61de0ep-1F, 0x1p+0F, 0x1.9d67e8p-1F, 0x1.d381b6p-1F}},
}};

}  // namespace flexdnn
