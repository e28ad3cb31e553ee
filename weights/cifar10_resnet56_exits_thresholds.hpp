// SPDX-License-Identifier: MIT
// Thresholds of cifar10_resnet56_exits for entropy_confidence, written by examples/calibrate_exits.
#pragma once

#include <array>
#include <flexdnn/calibrate/risk_level.hpp>

namespace flexdnn {

inline constexpr std::array<risk_level<5>, 5> cifar10_resnet56_exits_thresholds{{
    {0.0025, {0x1.f34ed2p-1F, 0x1.ef55fep-1F, 0x1.ea2ffcp-1F, 0x1.f877fcp-1F}, 1.019e+08},
    {0.005, {0x1.e684d6p-1F, 0x1.e30e8cp-1F, 0x1.d5fb78p-1F, 0x1.ec39aap-1F}, 9.324e+07},
    {0.01, {0x1.dc5bfep-1F, 0x1.e30e8cp-1F, 0x1.cb109p-1F, 0x1.e708b2p-1F}, 9.008e+07},
    {0.02, {0x1.c7d8fcp-1F, 0x1.c1cd9ep-1F, 0x1.a9b592p-1F, 0x1.d00af8p-1F}, 8.051e+07},
    {0.05, {0x1.7e39bcp-1F, 0x1.92b0b4p-1F, 0x1.81cdbcp-1F, 0x1.a8ba44p-1F}, 6.634e+07},
}};

}  // namespace flexdnn
