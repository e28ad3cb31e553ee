// SPDX-License-Identifier: MIT
// Laws of io/half: every one of the 65,536 patterns of both formats is the number that sign, exponent and
// mantissa spell, computed here in double.
#include <doctest/doctest.h>

#include <cmath>
#include <flexdnn/io/half.hpp>
#include <limits>

using namespace flexdnn;

namespace {

/// The number of a format with so many exponent and mantissa bits, by arithmetic alone.
double spelt(unsigned bits, int exponent_bits, int mantissa_bits) {
  const int all_ones = (1 << exponent_bits) - 1, bias = all_ones / 2;
  const int exponent = static_cast<int>(bits >> mantissa_bits) & all_ones;
  const int mantissa = static_cast<int>(bits) & ((1 << mantissa_bits) - 1);
  const double sign = bits & 0x8000u ? -1.0 : 1.0;
  if (exponent == all_ones) {
    return mantissa == 0 ? sign * std::numeric_limits<double>::infinity()
                         : std::numeric_limits<double>::quiet_NaN();
  }
  if (exponent == 0) return sign * std::ldexp(mantissa, 1 - bias - mantissa_bits);
  return sign * std::ldexp(mantissa + (1 << mantissa_bits), exponent - bias - mantissa_bits);
}

bool same(float got, double wanted) {
  if (std::isnan(wanted)) return std::isnan(got);
  return static_cast<double>(got) == wanted && std::signbit(got) == std::signbit(wanted);
}

}  // namespace

TEST_CASE("all 65,536 patterns of F16 and of BF16") {
  int wrong_f16 = 0, wrong_bf16 = 0;
  for (unsigned bits = 0; bits < 65536; ++bits) {
    wrong_f16 += same(float_from_f16(static_cast<std::uint16_t>(bits)), spelt(bits, 5, 10)) ? 0 : 1;
    wrong_bf16 += same(float_from_bf16(static_cast<std::uint16_t>(bits)), spelt(bits, 8, 7)) ? 0 : 1;
  }
  CHECK(wrong_f16 == 0);
  CHECK(wrong_bf16 == 0);
}

TEST_CASE("numbers that everybody knows, at compile time") {
  static_assert(float_from_f16(0x3C00) == 1.0F && float_from_f16(0xC000) == -2.0F);
  static_assert(float_from_f16(0x7BFF) == 65504.0F && float_from_f16(0x0001) == 0x1p-24F);
  static_assert(float_from_f16(0x83FF) == -1023 * 0x1p-24F && float_from_f16(0x3555) == 0x1.554p-2F);
  static_assert(float_from_bf16(0x3F80) == 1.0F && float_from_bf16(0xC049) == -3.140625F);
  CHECK(std::isinf(float_from_f16(0xFC00)));
  CHECK(std::isnan(float_from_bf16(0x7FC0)));
}
