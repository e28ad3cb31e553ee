// SPDX-License-Identifier: MIT
// architecture: the register tiles, of other machines too, for which this one may pack.
#include <doctest/doctest.h>

#include <flexdnn/kernels/architecture.hpp>
#include <type_traits>

namespace {

using namespace flexdnn;

static_assert(tile_of<scalar> == tile{4, 2, 1});
#ifdef FLEXDNN_NO_SIMD
static_assert(std::is_same_v<native, scalar>);
#else
static_assert(tile_of<simd<xsimd::sse2>> == tile{4, 2, 6, true});
static_assert(tile_of<simd<xsimd::fma3<xsimd::avx2>>> == tile{8, 2, 6, true});
static_assert(tile_of<simd<xsimd::avx512bw>> == tile{16, 2, 12, true});
static_assert(tile_of<simd<xsimd::neon>> == tile{4, 2, 6, true});
static_assert(tile_of<simd<xsimd::neon64>> == tile{4, 2, 12, true});
#endif

// A package that was found and then not used would cost a factor of ten and no test.
#if defined(XSIMD_FOUND) && (defined(__SSE2__) || defined(__aarch64__))
static_assert(std::is_same_v<native, simd<xsimd::default_arch>>);
#ifdef __aarch64__
static_assert(std::is_base_of_v<xsimd::neon64, xsimd::default_arch>,
              "NEON, or a later xsimd's extension of it");
#endif
#endif

TEST_CASE("the native tile fits its registers: sums, one panel of weights and a broadcast input") {
  constexpr tile t = tile_of<native>;
  CHECK(t.pixels * t.vectors + t.vectors + 1 <= (t.pixels > 6 ? 32 : 16));
  CHECK(t.lanes >= 1);
}

}  // namespace
