// SPDX-License-Identifier: MIT
// Laws of io/tensor_entry: how shapes are written in sentences and headers.
#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <flexdnn/io/tensor_entry.hpp>

using namespace flexdnn;

TEST_CASE("io/tensor_entry: text_of is a JSON array") {
  CHECK(text_of({}) == "[]");
  CHECK(text_of(std::array<std::uint64_t, 1>{10}) == "[10]");
  CHECK(text_of(std::array<std::uint64_t, 4>{16, 3, 0, UINT64_MAX}) == "[16,3,0,18446744073709551615]");
}
