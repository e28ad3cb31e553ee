// SPDX-License-Identifier: MIT
// slow_build: whether arithmetic costs ten to a hundred times as much here: no optimisation, or an emulator.
#pragma once

#if defined(FLEXDNN_EMULATED) || !defined(__OPTIMIZE__)
inline constexpr bool slow_build = true;
#else
inline constexpr bool slow_build = false;
#endif
