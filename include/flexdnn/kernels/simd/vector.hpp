// SPDX-License-Identifier: MIT
// simd/vector: a register of floats, and the one operation on it that xsimd's versions disagree on.
#pragma once

#include <type_traits>
#include <xsimd/xsimd.hpp>

namespace flexdnn::detail {

template <class Arch>
using vector = xsimd::batch<float, Arch>;

/// x * y + z in one instruction where the architecture has one. xsimd 8.1 knows no AVX-512 form, for
/// which Clang then emits a multiplication and an addition: half the speed.
template <class Arch>
[[nodiscard, gnu::always_inline]] inline vector<Arch> multiply_add(const vector<Arch>& x,
                                                                   const vector<Arch>& y,
                                                                   const vector<Arch>& z) {
#ifdef __AVX512F__
  if constexpr (std::is_base_of_v<xsimd::avx512f, Arch>) return _mm512_fmadd_ps(x, y, z);
#endif
  return xsimd::fma(x, y, z);
}

/// Keeps a loaded value in its register. GCC reads it from memory again in each operation where there are at
/// most four: blocks of 4 pixels then load 12 times a tap instead of 6, and take 6 cycles instead of 4.
template <class Arch>
[[gnu::always_inline]] inline void keep_in_register([[maybe_unused]] vector<Arch>& value) noexcept {
#if defined(__SSE2__) && !defined(__clang__)
  asm("" : "+v"(value.data));
#endif
}

}  // namespace flexdnn::detail
