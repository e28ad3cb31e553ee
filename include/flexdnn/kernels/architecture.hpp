// SPDX-License-Identifier: MIT
// architecture: the tags that choose a kernel's implementation, and the register tile of each.
#pragma once

#include <cstddef>

#include "convolution.hpp"

#if !defined(FLEXDNN_NO_SIMD) && !__has_include(<xsimd/xsimd.hpp>)
#define FLEXDNN_NO_SIMD
#endif

namespace flexdnn {

/// Plain loops: every target, and the twin that each SIMD kernel is tested against.
struct scalar {};

/// Vector kernels for one xsimd architecture. A tag, not a setting: two instruction sets never share a
/// symbol.
template <class Arch>
struct simd {};

template <class Arch>
inline constexpr tile tile_of{};

/// Eight independent sums per pixel: what an in-order core with 16 float registers can hold.
template <>
inline constexpr tile tile_of<scalar>{.lanes = 4, .vectors = 2, .pixels = 1};

namespace detail {

/// Count sums or pointers, indexed by int; compilers keep them in registers once loops are unrolled.
template <class Element, int Count>
using registers = Element[static_cast<std::size_t>(Count)];

/// How far scalar kernels unroll the loop over a panel's sums: wholly, which keeps them in registers at any
/// level of optimisation (10 GFLOP/s against 4 without vectors); but not at all where GCC has vectors and
/// makes the loop one operation (21 GFLOP/s with AVX2, -O3). Unrolled there, GCC 12 vectorises the loop
/// around it instead, with every sum in order: 4 GFLOP/s.
#if !defined(__clang__) && (defined(__SSE2__) || defined(__ARM_NEON))
inline constexpr int panel_unrolling = 1;
#else
inline constexpr int panel_unrolling = tile_of<scalar>.panel();
#endif

}  // namespace detail

}  // namespace flexdnn

#ifndef FLEXDNN_NO_SIMD
#include "simd/architecture.hpp"  // defines FLEXDNN_NO_SIMD where xsimd knows no vector unit
#endif

#ifdef FLEXDNN_NO_SIMD
namespace flexdnn {
using native = scalar;
}  // namespace flexdnn
#endif
