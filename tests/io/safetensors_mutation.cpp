// SPDX-License-Identifier: MIT
// Laws of io/safetensors under attack: whatever the bytes, a sentence or views inside the bytes.
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
using file_bytes = std::vector<std::byte>;

/// The tensors of a small residual network, as PyTorch names them.
file_bytes realistic_file() {
  const temporary_directory directory;
  const file_bytes data(4096, std::byte{0x3f});
  std::vector<tensor_entry> tensors;
  const auto add = [&](std::string name, dtype type, std::vector<std::uint64_t> shape) {
    std::size_t size = size_of(type);
    for (const std::uint64_t extent : shape) size *= static_cast<std::size_t>(extent);
    tensors.push_back({std::move(name), type, std::move(shape), std::span(data).first(size)});
  };
  for (int i = 0; i < 6; ++i) {
    const std::string convolution = "layer1." + std::to_string(i) + ".conv1",
                      norm = "layer1." + std::to_string(i) + ".bn1";
    add(convolution + ".weight", dtype::f32, {4, 4, 3, 3});
    for (const char* part : {".weight", ".bias", ".running_mean", ".running_var"})
      add(norm + part, dtype::f32, {4});
    add(norm + ".num_batches_tracked", dtype::i64, {});
  }
  add("linear.weight", dtype::f16, {10, 4});
  add("linear.bias", dtype::bf16, {10});
  add("mask", dtype::boolean, {0});
  const metadata_entry metadata[] = {{"licence", "MIT"}, {"plan", "exits: 3\n\"early\""}};
  const std::string path = directory.file("net.safetensors");
  REQUIRE(write_safetensors(path, tensors, metadata));
  file_bytes bytes;
  REQUIRE(read_file(path, bytes));
  return bytes;
}

class mutator {
 public:
  explicit mutator(unsigned seed) : random_(seed) {}

  void operator()(file_bytes& bytes) {
    for (int left = 1 + below(3); left > 0 && bytes.size() > 16; --left) {
      const auto length = static_cast<std::size_t>(load_u64(bytes) % (1u << 20)), before = bytes.size();
      // Three changes of four go to the header, where there is more to break, and as many of those leave
      // a length that fits again, so that the checks behind the first one are reached too.
      const bool header = below(4) != 0;
      change(bytes, header ? std::min(length + 8, bytes.size() - 1) : bytes.size());
      if (header && below(4) != 0 && bytes.size() >= 8) store_u64(bytes, length + bytes.size() - before);
    }
  }

 private:
  int below(std::size_t limit) { return static_cast<int>(random_() % limit); }

  static bool digit(std::byte b) { return b >= std::byte{'0'} && b <= std::byte{'9'}; }

  /// Writes text over the digits at or after at.
  void replace_number(file_bytes& bytes, file_bytes::iterator at, std::string_view text) {
    const auto first = std::find_if(at, bytes.end(), digit),
               last = std::find_if_not(first, bytes.end(), digit);
    const auto raw = std::as_bytes(std::span(text));
    bytes.insert(bytes.erase(first, last), raw.begin(), raw.end());
  }

  /// Moves one tensor's range as a whole: its size stays right, its place becomes wrong.
  void move_range(file_bytes& bytes, file_bytes::iterator at) {
    static constexpr std::string_view key = "data_offsets\":[";
    const auto raw = std::as_bytes(std::span(key));
    const auto found = std::search(at, bytes.end(), raw.begin(), raw.end());
    if (found == bytes.end()) return;
    const auto place = found - bytes.begin() + static_cast<std::ptrdiff_t>(key.size());
    const auto number = [&](std::ptrdiff_t from) {
      unsigned value = 0;
      for (auto i = bytes.begin() + from; i != bytes.end() && digit(*i); ++i) {
        value = value * 10 + std::to_integer<unsigned>(*i) - '0';
      }
      return value;
    };
    const auto comma = std::find(bytes.begin() + place, bytes.end(), std::byte{','}) - bytes.begin();
    const unsigned step = static_cast<unsigned>(below(65)) - 32;
    const std::string begin = std::to_string(number(place) + step),
                      end = std::to_string(number(comma + 1) + step);
    replace_number(bytes, bytes.begin() + comma, end);
    replace_number(bytes, bytes.begin() + place, begin);
  }

  void change(file_bytes& bytes, std::size_t end) {
    static constexpr std::string_view tokens = "{}[]\",:\\u0 9-.\n\xed\xff";
    static constexpr std::string_view numbers[] = {"0",
                                                   "1",
                                                   "4",
                                                   "4294967296",
                                                   "4294967296,4294967296",
                                                   "4611686018427387904",
                                                   "18446744073709551615",
                                                   "18446744073709551616"};
    const auto at = bytes.begin() + below(end), from = bytes.begin() + below(end);
    const auto room = static_cast<std::size_t>(bytes.end() - at);
    switch (below(9)) {
      case 0:
        *at ^= static_cast<std::byte>(1 << below(8));
        break;
      case 1:
        *at = static_cast<std::byte>(tokens[static_cast<std::size_t>(below(tokens.size()))]);
        break;
      case 2:
        bytes.resize(bytes.size() - static_cast<std::size_t>(below(room)));
        break;
      case 3:
        bytes.erase(at, at + 1 + below(std::min<std::size_t>(room, 30)));
        break;
      case 4:
        bytes.insert(at, static_cast<std::size_t>(1 + below(20)), static_cast<std::byte>(below(256)));
        break;
      case 5: {
        const file_bytes piece(from, from + std::min<std::ptrdiff_t>(1 + below(40), bytes.end() - from));
        bytes.insert(at, piece.begin(), piece.end());
        break;
      }
      case 6:
        store_u64(bytes, load_u64(bytes) + static_cast<std::uint64_t>(below(64)) - 32);
        break;
      case 7:
        replace_number(bytes, at, numbers[below(std::size(numbers))]);
        break;
      default:
        move_range(bytes, at);
    }
  }

  std::mt19937 random_;
};

struct tally {
  int accepted = 0, refused = 0, broken = 0;
};

/// Parses count mutants, each in memory of exactly its size so that a sanitizer sees any step outside.
tally attack(const file_bytes& original, int count, unsigned seed) {
  mutator mutate(seed);
  tally result;
  for (int i = 0; i < count; ++i) {
    file_bytes mutant = original;
    mutate(mutant);
    const file_bytes exact(mutant);
    safetensors_view view;
    const status s = safetensors_view::parse(exact, view);
    if (!s) {
      ++result.refused;
      result.broken += s.message()[0] == '\0' || !view.tensors().empty() || !view.metadata().empty();
      continue;
    }
    ++result.accepted;
    std::uint64_t covered = 0;
    const std::byte* place = exact.data() + 8 + load_u64(exact);
    for (const tensor_entry& t : view.tensors()) {
      auto size = static_cast<double>(size_of(t.type));  // cannot wrap, and is exact for files this small
      for (const std::uint64_t extent : t.shape) size *= static_cast<double>(extent);
      result.broken += static_cast<double>(t.data.size()) != size;
      result.broken += !t.data.empty() && t.data.data() != place + covered;
      result.broken += view.find(t.name) != &t;
      covered += t.data.size();
    }
    result.broken += 8 + load_u64(exact) + covered != exact.size();
  }
  return result;
}
}  // namespace

TEST_CASE("io/safetensors: 20000 mutants of a realistic file are refused or consistent") {
  const tally result = attack(realistic_file(), 20'000, 7);
  CHECK(result.broken == 0);
  CHECK(result.accepted > 1'000);
  CHECK(result.refused > 10'000);
}

#ifdef FLEXDNN_SOURCE_DIR
TEST_CASE("io/safetensors: the repository's weights parse, and their mutants are refused or consistent") {
  const std::filesystem::path weights = std::filesystem::path(FLEXDNN_SOURCE_DIR) / "weights";
  if (!std::filesystem::is_directory(weights)) return;
  for (const auto& item : std::filesystem::directory_iterator(weights)) {
    if (item.path().extension() != ".safetensors") continue;
    INFO(item.path().string());
    file_bytes bytes;
    REQUIRE(read_file(item.path().string(), bytes));
    safetensors_view view;
    const status s = safetensors_view::parse(bytes, view);
    INFO(s.message());
    REQUIRE(s);
    CHECK_FALSE(view.tensors().empty());
    CHECK(attack(bytes, 100, 11).broken == 0);
  }
}
#endif
