// SPDX-License-Identifier: MIT
// bytes: numbers in raw memory, whatever its alignment and the machine's byte order, and sizes that cannot
// wrap.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace flexdnn {

/// The unsigned little-endian number in the first 8 bytes; bytes.size() >= 8.
[[nodiscard]] constexpr std::uint64_t load_u64(std::span<const std::byte> bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = 8; i-- > 0;) value = value << 8 | std::to_integer<std::uint64_t>(bytes[i]);
  return value;
}

/// Writes value into the first 8 bytes, little-endian; bytes.size() >= 8.
constexpr void store_u64(std::span<std::byte> bytes, std::uint64_t value) {
  for (std::size_t i = 0; i < 8; ++i) bytes[i] = static_cast<std::byte>(value >> (8 * i) & 0xFFu);
}

/// product *= factor; false, and product unchanged, when that does not fit 64 bits.
[[nodiscard]] constexpr bool multiply_checked(std::uint64_t& product, std::uint64_t factor) {
  if (factor != 0 && product > UINT64_MAX / factor) return false;
  product *= factor;
  return true;
}

}  // namespace flexdnn
