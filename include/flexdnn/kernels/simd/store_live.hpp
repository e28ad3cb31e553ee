// SPDX-License-Identifier: MIT
// simd/store_live: channels that fill no whole vector: residual, activation and store, and nothing beyond
// them.
#pragma once

#include <cstddef>
#include <type_traits>

#include "../architecture.hpp"
#include "vector.hpp"

namespace flexdnn::detail {

/// The next narrower vectors of the machine; else the same.
template <class Arch>
using narrower_vectors =
    std::conditional_t<std::is_base_of_v<xsimd::avx512f, Arch>, xsimd::fma3<xsimd::avx2>,
                       std::conditional_t<std::is_base_of_v<xsimd::avx, Arch>, xsimd::sse4_2, Arch>>;

/// out = f(sum + residual) for `live` channels, by two vectors that overlap, as wide as the channels allow:
/// both residuals are read before either is written over. Below 4 channels one by one.
template <class Activation, class Arch>
[[gnu::always_inline]] inline void store_live(int live, const float* sum, const float* residual,
                                              float* out) noexcept {
  using V = vector<Arch>;
  constexpr int lanes = static_cast<int>(V::size);
  if (live >= lanes) {
    const int last = live - lanes;
    V first = V::load_unaligned(sum), second = V::load_unaligned(sum + last);
    if (residual != nullptr) {
      first += V::load_unaligned(residual), second += V::load_unaligned(residual + last);
    }
    Activation::apply(first).store_unaligned(out);
    Activation::apply(second).store_unaligned(out + last);
  } else if constexpr (!std::is_same_v<narrower_vectors<Arch>, Arch>) {
    store_live<Activation, narrower_vectors<Arch>>(live, sum, residual, out);
  } else {
#pragma GCC unroll 1
    for (int o = 0; o < live; ++o)
      out[o] = Activation::apply(residual != nullptr ? sum[o] + residual[o] : sum[o]);
  }
}

}  // namespace flexdnn::detail
