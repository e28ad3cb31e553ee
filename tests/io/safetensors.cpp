// SPDX-License-Identifier: MIT
// Laws of io/safetensors: views lie where the file says, at any alignment, and bad files leave the old view.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstring>
#include <flexdnn/io/safetensors.hpp>
#include <string>
#include <vector>

#include "support.hpp"

using namespace flexdnn;
using namespace io_test;

namespace {
constexpr std::string_view two =
    R"({"__metadata__":{"licence":"MIT"},"z.bias":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},)"
    R"("a.weight":{"dtype":"F32","shape":[2,1],"data_offsets":[3,11]}})";

std::string data_of_two() {
  const float values[] = {1.5f, -2.25f};
  std::string data = "xyz";
  data.resize(11);
  std::memcpy(data.data() + 3, values, 8);
  return data;
}
}  // namespace

TEST_CASE("io/safetensors: tensors in the order of their data, found by name, unaligned") {
  const std::vector<std::byte> bytes = file_of(two, data_of_two());
  safetensors_view view;
  REQUIRE(safetensors_view::parse(bytes, view));
  REQUIRE(view.tensors().size() == 2);
  CHECK(view.tensors()[0].name == "z.bias");
  CHECK(view.tensors()[1].name == "a.weight");
  CHECK(view.find("z.bias") == &view.tensors()[0]);
  CHECK(view.find("a.weight") == &view.tensors()[1]);
  for (const char* absent : {"", "a", "a.weight2", "b", "zz", "__metadata__"})
    CHECK(view.find(absent) == nullptr);
  const tensor_entry& weight = *view.find("a.weight");
  CHECK(weight.type == dtype::f32);
  CHECK(weight.shape == std::vector<std::uint64_t>{2, 1});
  CHECK(weight.data.data() == bytes.data() + bytes.size() - 8);
  float values[2] = {};
  REQUIRE(weight.data.size() == sizeof values);
  std::memcpy(values, weight.data.data(), sizeof values);
  CHECK(values[0] == 1.5f);
  CHECK(values[1] == -2.25f);
  REQUIRE(view.find_metadata("licence") != nullptr);
  CHECK(*view.find_metadata("licence") == "MIT");
  CHECK(view.find_metadata("source") == nullptr);
}

TEST_CASE("io/safetensors: a copied or moved view still finds its tensors") {
  const std::vector<std::byte> bytes = file_of(two, data_of_two());
  safetensors_view view;
  REQUIRE(safetensors_view::parse(bytes, view));
  safetensors_view copy = view;
  const safetensors_view moved = std::move(view);
  CHECK(copy.find("a.weight") == &copy.tensors()[1]);
  CHECK(moved.find("a.weight") == &moved.tensors()[1]);
}

TEST_CASE("io/safetensors: every truncation and every surplus is an error that leaves the view alone") {
  const std::vector<std::byte> bytes = file_of(two, data_of_two());
  safetensors_view view;
  REQUIRE(safetensors_view::parse(bytes, view));
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const std::vector<std::byte> cut(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
    check_error(safetensors_view::parse(cut, view), code::truncated, "safetensors");
  }
  std::vector<std::byte> longer = bytes;
  longer.push_back(std::byte{});
  check_error(safetensors_view::parse(longer, view), code::wrong_size,
              "end at byte 11 of the data, the file holds 12");
  CHECK(view.tensors().size() == 2);
  CHECK(view.find("a.weight")->data.data() == bytes.data() + bytes.size() - 8);
}

TEST_CASE("io/safetensors: files of another kind") {
  safetensors_view view;
  const auto parse = [&](std::string_view text) {
    return safetensors_view::parse(std::as_bytes(std::span(text)), view);
  };
  check_error(parse(""), code::truncated, "got 0 bytes, at least 8");
  check_error(parse("a text file with lines\n"), code::malformed, "at most 100000000|no safetensors file");
  check_error(parse(std::string(8, '\xff')), code::malformed, "a header of 18446744073709551615 bytes");
  check_error(parse(std::string(8, '\0')), code::malformed, "does not begin with '{'");
  check_error(safetensors_view::parse(file_of(" {}", ""), view), code::malformed, "does not begin with '{'");
  check_error(parse(std::string_view("\x05\0\0\0\0\0\0\0{}", 10)), code::truncated,
              "a header of 5 bytes, 2 are left");
  CHECK(safetensors_view::parse(file_of("{}      ", ""), view));
  CHECK(view.tensors().empty());
}
