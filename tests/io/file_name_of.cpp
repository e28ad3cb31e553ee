// SPDX-License-Identifier: MIT
// Laws of io/file_name_of: the first rule about a name tells it, numbers are scaled and shifted, 0 may be
// left out; what no rule is about keeps its name.
#include <doctest/doctest.h>

#include <flexdnn/io/file_name_of.hpp>

using namespace flexdnn;

namespace {

constexpr name_ending endings[]{{".weight", "/kernel"}, {".bias", "/bias"}};
constexpr name_rule rules[]{
    {"conv1", "stem", endings},
    {"blocks.#.conv", "conv[_#]", endings},
    {"blocks.#.norm", "norm_#_of", {}, {.scale = 2, .shift = 1}},
    {"parts.#", "low.#", {}, {.shift = -3, .first = 3, .last = 4}},
    {"parts.#", "high.#", {}, {.shift = -10, .first = 12}},
    {"tail", "end"},
};

std::string name_in_file(std::string_view ours) { return file_name_of(ours, rules); }

}  // namespace

TEST_CASE("a layer's name and its endings") {
  CHECK(name_in_file("conv1.weight") == "stem/kernel");
  CHECK(name_in_file("conv1.bias") == "stem/bias");
  CHECK(name_in_file("tail.weight") == "end.weight");
  CHECK(name_in_file("tail") == "end");
}

TEST_CASE("numbers: scaled, shifted, bounded, 0 left out where brackets say so") {
  CHECK(name_in_file("blocks.0.conv.weight") == "conv/kernel");
  CHECK(name_in_file("blocks.12.conv.bias") == "conv_12/bias");
  CHECK(name_in_file("blocks.0.norm.weight") == "norm_1_of.weight");
  CHECK(name_in_file("blocks.7.norm.running_var") == "norm_15_of.running_var");
  CHECK(name_in_file("parts.3.weight") == "low.0.weight");
  CHECK(name_in_file("parts.4.weight") == "low.1.weight");
  CHECK(name_in_file("parts.5.weight") == "parts.5.weight");
  CHECK(name_in_file("parts.12.weight") == "high.2.weight");
}

TEST_CASE("a rule is about whole names alone") {
  for (const char* other :
       {"conv10.weight", "conv1.scale", "conv1", "blocks.conv.weight", "blocks.x.conv.weight",
        "blocks.-1.conv.weight", "blocks.99999999999.conv.weight", "blocks.1", "blocks.",
        "blocks.1.conv2.weight", "tails.weight", "a.conv1.weight", ""}) {
    CAPTURE(other);
    CHECK(name_in_file(other) == other);
  }
  CHECK(file_name_of("conv1.weight", {}) == "conv1.weight");
}

TEST_CASE("a number may grow beyond what an int holds") {
  constexpr name_rule large[]{{"a.#", "b.#", {}, {.scale = 2'000'000'000, .shift = 1}}};
  CHECK(file_name_of("a.2000000000", large) == "b.4000000000000000001");
}
