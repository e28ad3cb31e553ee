// SPDX-License-Identifier: MIT
// status: true when nothing went wrong, else a sentence, cut at 255 bytes and never a format string.
#include <flexdnn/core/status.hpp>

#include <doctest/doctest.h>

#include <string>

using namespace flexdnn;

TEST_CASE("ok has no sentence") {
  constexpr status good;
  CHECK(good);
  CHECK(good.code() == code::ok);
  CHECK(std::string(good.message()).empty());
}

TEST_CASE("errors carry code and sentence") {
  const status bad = status::error(code::wrong_shape, "tensor %s: got %d, wanted %d", "w", 3, 4);
  CHECK_FALSE(bad);
  CHECK(bad.code() == code::wrong_shape);
  CHECK(std::string(bad.message()) == "tensor w: got 3, wanted 4");
}

TEST_CASE("a sentence without arguments is text, and a long one is cut") {
  CHECK(std::string(status::error(code::malformed, "100 %s of %d").message()) == "100 %s of %d");
  const std::string text(1000, 'x');
  CHECK(std::string(status::error(code::malformed, "%s", text.c_str()).message()) == text.substr(0, 255));
}
