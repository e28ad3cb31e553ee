// SPDX-License-Identifier: MIT
// half: the two 16-bit floating-point formats of weights files, made float without any loss.
#pragma once

#include <bit>
#include <cstdint>

namespace flexdnn {

/// The value of an IEEE 754 binary16 number: 1 sign, 5 exponent, 10 mantissa bits; a NaN keeps its payload.
[[nodiscard]] constexpr float float_from_f16(std::uint16_t bits) {
  const std::uint32_t sign = (bits & 0x8000u) << 16, exponent = bits >> 10 & 31u, mantissa = bits & 1023u;
  if (exponent == 0) {  // zero and subnormals count in steps of 2^-24; the product is exact
    const float magnitude = static_cast<float>(mantissa) * 0x1p-24F;
    return std::bit_cast<float>(std::bit_cast<std::uint32_t>(magnitude) | sign);
  }
  const std::uint32_t wide = exponent == 31 ? 255 : exponent + 127 - 15;
  return std::bit_cast<float>(sign | wide << 23 | mantissa << 13);
}

/// The value of a bfloat16 number: the upper half of a float.
[[nodiscard]] constexpr float float_from_bf16(std::uint16_t bits) {
  return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16);
}

}  // namespace flexdnn
