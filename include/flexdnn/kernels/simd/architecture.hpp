// SPDX-License-Identifier: MIT
// simd/architecture: what the compiler targets, as xsimd sees it. Included at the end of
// kernels/architecture.hpp.
#pragma once

#include <xsimd/config/xsimd_config.hpp>

#include "../architecture.hpp"

#ifdef XSIMD_NO_SUPPORTED_ARCHITECTURE
#define FLEXDNN_NO_SIMD
#else

#include <type_traits>
#include <xsimd/config/xsimd_arch.hpp>  // tags only: 0.4 s of front end against 0.8 s for all of xsimd

namespace flexdnn {

/// Panels of two vectors. With 16 registers, 6 pixels leave 12 sums, 2 weights and 1 broadcast in
/// registers; with 32 registers 12 pixels do the same with 24 sums.
template <class Arch>
inline constexpr tile tile_of<simd<Arch>>{
    .lanes = static_cast<int>(Arch::alignment() / sizeof(float)),
    .vectors = 2,
    .pixels = std::is_base_of_v<xsimd::avx512f, Arch> || std::is_base_of_v<xsimd::neon64, Arch> ? 12 : 6,
    .winograd = true};

namespace detail {

/// Vectors half as wide, for channels that do not fill these: AVX2's beside AVX-512's. Else the same.
template <class Arch>
using half_vectors =
    std::conditional_t<std::is_base_of_v<xsimd::avx512f, Arch>, xsimd::fma3<xsimd::avx2>, Arch>;

}  // namespace detail

using native = simd<xsimd::default_arch>;

}  // namespace flexdnn

#endif
