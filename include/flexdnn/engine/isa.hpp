// SPDX-License-Identifier: MIT
// isa: the instruction sets that one program can hold an engine for, and which of them this machine runs.
#pragma once

#include <cstdint>

namespace flexdnn {

/// The levels of the x86-64 psABI, each with all of those before it: v2 is SSE4.2, v3 AVX2 and FMA, v4
/// AVX-512.
enum class isa : std::uint8_t { as_compiled, x86_64, x86_64_v2, x86_64_v3, x86_64_v4 };

/// As compilers spell it in -march.
[[nodiscard]] constexpr const char* name_of(isa level) {
  constexpr const char* names[] = {"as compiled", "x86-64", "x86-64-v2", "x86-64-v3", "x86-64-v4"};
  return names[static_cast<int>(level)];
}

/// Whether processor and operating system run it. Clang 16 cannot ask for v3's F16C, LZCNT and MOVBE: every
/// processor with AVX2, FMA and BMI2 has them.
[[nodiscard]] inline bool machine_has(isa level) noexcept {
#if defined(__x86_64__) && defined(__GNUC__)
  __builtin_cpu_init();  // static engines may be made before the C run time's own call
  const auto all = [](auto... features) { return ((features != 0) && ...); };
  const bool v2 =
      all(__builtin_cpu_supports("sse3"), __builtin_cpu_supports("ssse3"), __builtin_cpu_supports("sse4.1"),
          __builtin_cpu_supports("sse4.2"), __builtin_cpu_supports("popcnt"));
  const bool v3 =
      v2 && all(__builtin_cpu_supports("avx"), __builtin_cpu_supports("avx2"), __builtin_cpu_supports("fma"),
                __builtin_cpu_supports("bmi"), __builtin_cpu_supports("bmi2"));
  const bool v4 = v3 && all(__builtin_cpu_supports("avx512f"), __builtin_cpu_supports("avx512bw"),
                            __builtin_cpu_supports("avx512cd"), __builtin_cpu_supports("avx512dq"),
                            __builtin_cpu_supports("avx512vl"));
  switch (level) {
    case isa::x86_64_v2:
      return v2;
    case isa::x86_64_v3:
      return v3;
    case isa::x86_64_v4:
      return v4;
    default:
      return true;
  }
#else
  return level == isa::as_compiled;
#endif
}

}  // namespace flexdnn
