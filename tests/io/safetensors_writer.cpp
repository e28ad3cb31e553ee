// SPDX-License-Identifier: MIT
// Laws of io/safetensors_writer: what is written is read back, byte-identical on repeat, all or nothing.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <flexdnn/io/file.hpp>
#include <flexdnn/io/safetensors.hpp>
#include <flexdnn/io/safetensors_writer.hpp>
#include <random>
#include <string>
#include <vector>

#include "support.hpp"

using namespace flexdnn;
using namespace io_test;

namespace {
/// count tensors with random types, shapes and bytes that lie one after the other in data.
std::vector<tensor_entry> random_tensors(unsigned seed, int count, std::vector<std::byte>& data) {
  std::mt19937 random(seed);
  std::vector<tensor_entry> tensors;
  std::vector<std::size_t> sizes;
  for (int i = 0; i < count; ++i) {
    tensor_entry& t = tensors.emplace_back();
    t.name = "layer" + std::to_string(i) + (i % 3 ? ".weight" : ".\"\\\n\x01\xC3\xA9");
    t.type = static_cast<dtype>(random() % 10);
    std::size_t size = size_of(t.type);
    for (std::size_t rank = random() % 5; rank-- > 0;) size *= t.shape.emplace_back(random() % 5);
    sizes.push_back(size);
    for (std::size_t k = 0; k < size; ++k) data.push_back(static_cast<std::byte>(random() % 256));
  }
  std::size_t at = 0;
  for (std::size_t i = 0; i < tensors.size(); at += sizes[i++]) {
    tensors[i].data = std::span(std::as_const(data)).subspan(at, sizes[i]);
  }
  return tensors;
}

bool same(const tensor_entry& a, const tensor_entry& b) {
  return a.name == b.name && a.type == b.type && a.shape == b.shape && std::ranges::equal(a.data, b.data);
}
}  // namespace

TEST_CASE("io/safetensors_writer: a round trip gives back every tensor and every metadata pair") {
  const temporary_directory directory;
  const std::string path = directory.file("net.safetensors");
  for (unsigned seed = 1; seed <= 30; ++seed) {
    std::vector<std::byte> data, bytes;
    const std::vector<tensor_entry> tensors = random_tensors(seed, static_cast<int>(seed % 12), data);
    const std::vector<metadata_entry> metadata{
        {"format", "pt"}, {"plan", "a \"quoted\"\nline\t\\"}, {"", ""}};
    const status written = write_safetensors(path, tensors, std::span(metadata).first(seed % 4));
    INFO("seed ", seed, " ", written.message());
    REQUIRE(written);
    REQUIRE(read_file(path, bytes));
    CHECK(load_u64(bytes) % 8 == 0);
    safetensors_view view;
    REQUIRE(safetensors_view::parse(bytes, view));
    REQUIRE(view.tensors().size() == tensors.size());
    for (const tensor_entry& t : tensors) {
      REQUIRE(view.find(t.name) != nullptr);
      CHECK(same(*view.find(t.name), t));
    }
    REQUIRE(view.metadata().size() == seed % 4);
    for (std::size_t i = 0; i < seed % 4; ++i) {
      CHECK(view.metadata()[i].key == metadata[i].key);
      CHECK(view.metadata()[i].value == metadata[i].value);
    }
    const std::string again = directory.file("again.safetensors");
    REQUIRE(write_safetensors(again, tensors, view.metadata()));
    CHECK(slurp(again) == slurp(path));
  }
  CHECK(directory.entries() == 2);
}

TEST_CASE("io/safetensors_writer: the bytes of a small file") {
  const temporary_directory directory;
  const std::string path = directory.file("small");
  const std::byte data[] = {std::byte{'A'}, std::byte{'B'}};
  const tensor_entry tensors[] = {{"b", dtype::i8, {2}, data}};
  const metadata_entry metadata[] = {{"k", "v"}};
  REQUIRE(write_safetensors(path, tensors, metadata));
  CHECK(slurp(path) ==
        std::string("\x50\0\0\0\0\0\0\0", 8) +
            R"({"__metadata__":{"k":"v"},"b":{"dtype":"I8","shape":[2],"data_offsets":[0,2]}})" + "  AB");
  REQUIRE(write_safetensors(path, {}));
  CHECK(slurp(path) == std::string("\x08\0\0\0\0\0\0\0", 8) + "{}      ");
}

TEST_CASE("io/safetensors_writer: what the reader would refuse is not written") {
  const temporary_directory directory;
  const std::string path = directory.file("kept");
  spill(path, "old");
  const std::byte data[8]{};
  const auto refuse = [&](std::vector<tensor_entry> tensors, code what, std::string_view fragments) {
    check_error(write_safetensors(path, tensors), what, fragments);
  };
  refuse({{"a", dtype::f32, {2}, data}, {"a", dtype::f32, {2}, data}}, code::malformed, "'a' occurs twice");
  refuse({{"a", dtype::f32, {3}, data}}, code::wrong_size,
         "tensor 'a': data_offsets [0,8] hold 8 bytes|wants 12");
  refuse({{"\xff", dtype::f32, {2}, data}}, code::malformed, "UTF-8");
  refuse({{"__metadata__", dtype::f32, {2}, data}}, code::malformed, "wants a string");
  refuse({{"a", dtype::f32, {2, 1, 1, 1, 1, 1, 1, 1, 1}, data}}, code::malformed, "dimensions");
  const metadata_entry twice[] = {{"k", "1"}, {"k", "2"}};
  check_error(write_safetensors(path, {}, twice), code::malformed, "metadata key 'k' occurs twice");
  const metadata_entry huge[] = {{"k", std::string(safetensors_header::max_bytes, 'v')}};
  check_error(write_safetensors(path, {}, huge), code::wrong_size, "at most 100000000");
  check_error(write_safetensors(directory.file("no/where"), {}), code::cannot_write,
              "no/where.part'|No such file");
  CHECK(slurp(path) == "old");
  CHECK(directory.entries() == 1);
}
