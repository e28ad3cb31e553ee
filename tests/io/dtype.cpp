// SPDX-License-Identifier: MIT
// Laws of io/dtype: name and type are each other's inverse; sizes are those of the types C++ knows.
#include <doctest/doctest.h>

#include <cstdint>
#include <flexdnn/io/dtype.hpp>

using namespace flexdnn;

TEST_CASE("io/dtype: find_dtype inverts name_of") {
  for (int i = 0; i <= static_cast<int>(dtype::boolean); ++i) {
    const auto type = static_cast<dtype>(i);
    dtype found = type == dtype::f64 ? dtype::u8 : dtype::f64;
    CHECK(find_dtype(name_of(type), found));
    CHECK(found == type);
  }
}

TEST_CASE("io/dtype: unknown names change nothing") {
  for (const char* name : {"", "f32", "F8_E4M3", "F321", "F3", "U64"}) {
    dtype found = dtype::i16;
    CHECK_FALSE(find_dtype(name, found));
    CHECK(found == dtype::i16);
  }
}

TEST_CASE("io/dtype: sizes") {
  CHECK(size_of(dtype::f64) == sizeof(double));
  CHECK(size_of(dtype::f32) == sizeof(float));
  CHECK(size_of(dtype::f16) == 2);
  CHECK(size_of(dtype::bf16) == 2);
  CHECK(size_of(dtype::i64) == sizeof(std::int64_t));
  CHECK(size_of(dtype::i32) == sizeof(std::int32_t));
  CHECK(size_of(dtype::i16) == sizeof(std::int16_t));
  CHECK(size_of(dtype::i8) == 1);
  CHECK(size_of(dtype::u8) == 1);
  CHECK(size_of(dtype::boolean) == 1);
}
