// SPDX-License-Identifier: MIT
// Laws of io/bytes: little-endian order at any alignment, and products that never wrap.
#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <flexdnn/io/bytes.hpp>
#include <random>
#include <span>
#include <tuple>

using namespace flexdnn;

TEST_CASE("io/bytes: a stored number is loaded again, lowest byte first, at every alignment") {
  std::array<std::byte, 24> memory{};
  std::mt19937_64 random(1);
  for (std::size_t offset = 0; offset < 8; ++offset) {
    const std::uint64_t value = random();
    const auto place = std::span(memory).subspan(offset);
    store_u64(place, value);
    CHECK(load_u64(place) == value);
    CHECK(std::to_integer<std::uint64_t>(place[0]) == (value & 255));
    CHECK(std::to_integer<std::uint64_t>(place[7]) == value >> 56);
  }
}

TEST_CASE("io/bytes: multiply_checked refuses exactly the products that wrap") {
  std::mt19937_64 random(2);
  int refused = 0;
  for (int i = 0; i < 2000; ++i) {
    const std::uint64_t a = random() >> (random() % 64), b = random() >> (random() % 64);
    // A product that wrapped is too small to be divided back.
    const bool fits = b == 0 || a * b / b == a;
    std::uint64_t product = a;
    CHECK(multiply_checked(product, b) == fits);
    CHECK(product == (fits ? a * b : a));
    refused += !fits;
  }
  CHECK(refused > 100);
}

TEST_CASE("io/bytes: multiply_checked at its edges") {
  for (const auto& [a, b, fits] : {std::tuple{UINT64_MAX, UINT64_C(1), true},
                                   {UINT64_C(1) << 63, UINT64_C(2), false},
                                   {UINT64_C(1) << 32, UINT64_C(1) << 32, false},
                                   {UINT64_C(1) << 32, UINT64_C(1) << 31, true},
                                   {UINT64_MAX, UINT64_C(0), true},
                                   {UINT64_C(0), UINT64_MAX, true}}) {
    std::uint64_t product = a;
    CHECK(multiply_checked(product, b) == fits);
  }
}
