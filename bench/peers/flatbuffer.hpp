// SPDX-License-Identifier: MIT
// flatbuffer: bytes of a FlatBuffer, the format of MNN's models, without the code that its compiler makes.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace flexdnn::bench {

struct flat_field;
using flat_table = std::vector<flat_field>;

/// A field by its number in the schema. Scalars are ints: on a little-endian machine, a reader of bytes or
/// bools finds them there too.
struct flat_field {
  int number;
  std::variant<int, std::string, flat_table, std::vector<int>, std::span<const float>,
               std::vector<std::string>, std::vector<flat_table>>
      value;
};

/// Everything lies in words: a table's fields, each what it is or how far ahead that lies, then those things
/// one after the other. A table starts with the distance back to its map, which says where each field is.
class flatbuffer {
 public:
  explicit flatbuffer(const flat_table& root) { set(append(0), root); }

  [[nodiscard]] std::span<const std::uint32_t> words() const { return words_; }

 private:
  std::size_t append(std::size_t word) {
    words_.push_back(static_cast<std::uint32_t>(word));
    return words_.size() - 1;
  }

  void set(std::size_t word, int scalar) { words_[word] = static_cast<std::uint32_t>(scalar); }
  template <class Thing>
  void set(std::size_t word, const Thing& thing) {
    const std::size_t at = write(thing);
    words_[word] = static_cast<std::uint32_t>(4 * (at - word));
  }

  std::size_t write(const flat_table& t) {
    int numbers = 0;
    for (const flat_field& f : t) numbers = std::max(numbers, f.number + 1);
    std::vector<std::uint16_t> map(static_cast<std::size_t>(numbers + 3) / 2 * 2, 0);  // in whole words
    map[0] = static_cast<std::uint16_t>(2 * (numbers + 2));
    map[1] = static_cast<std::uint16_t>(4 * (t.size() + 1));
    for (std::size_t i = 0; i < t.size(); ++i) {
      map[static_cast<std::size_t>(t[i].number + 2)] = static_cast<std::uint16_t>(4 * (i + 1));
    }
    for (std::size_t i = 0; i < map.size(); i += 2) append(map[i] | std::size_t{map[i + 1]} << 16);
    const std::size_t at = append(2 * map.size()), first = at + 1;
    words_.resize(first + t.size());
    for (std::size_t i = 0; i < t.size(); ++i) {
      std::visit([&](const auto& value) { set(first + i, value); }, t[i].value);
    }
    return at;
  }

  std::size_t write(const std::string& s) {
    const std::size_t at = append(s.size());
    words_.resize(at + 1 + s.size() / 4 + 1);  // ends in at least one zero
    std::memcpy(words_.data() + at + 1, s.data(), s.size());
    return at;
  }

  std::size_t write(const std::vector<int>& numbers) {
    const std::size_t at = append(numbers.size());
    words_.insert(words_.end(), numbers.begin(), numbers.end());
    return at;
  }

  std::size_t write(std::span<const float> numbers) {
    const std::size_t at = append(numbers.size());
    std::ranges::transform(numbers, std::back_inserter(words_), std::bit_cast<std::uint32_t, float>);
    return at;
  }

  template <class Thing>
  std::size_t write(const std::vector<Thing>& things) {
    const std::size_t at = append(things.size()), first = at + 1;
    words_.resize(first + things.size());
    for (std::size_t i = 0; i < things.size(); ++i) set(first + i, things[i]);
    return at;
  }

  std::vector<std::uint32_t> words_;
};

}  // namespace flexdnn::bench
