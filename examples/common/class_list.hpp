// SPDX-License-Identifier: MIT
// class_list: a text file that says which class a name is.
#pragma once

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <flexdnn/io/file.hpp>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "failure.hpp"

namespace examples {

/// One line a class: NAME, in the order of the classes, or NAME INDEX; empty lines do not count. What follows
/// is for readers ("n01440764 0 tench"). A file is of one kind throughout.
class class_list {
 public:
  class_list(const std::string& path, std::size_t class_count) : path_(path) {
    std::vector<char> text;
    require(flexdnn::read_file(path, text, std::uint64_t{1} << 24));
    std::string_view rest(text.data(), text.size());
    for (std::size_t line = 1; !rest.empty(); ++line) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      read_line(rest.substr(0, end), line, class_count);
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    if (names_.empty()) throw std::runtime_error(named() + " names no class");
  }

  /// Fails where the name is not in the file.
  [[nodiscard]] int index_of(std::string_view name) const {
    const auto found = std::ranges::find(names_, name, &entry::name);
    if (found != names_.end()) return found->index;
    throw std::runtime_error(std::string(flexdnn::quoted(name).text()) + " is no class of " + named());
  }

 private:
  struct entry {
    std::string name;
    int index;
  };

  [[nodiscard]] std::string named() const { return flexdnn::quoted(path_, flexdnn::keep::back).text(); }

  static std::string_view word_of(std::string_view& text) {
    constexpr std::string_view blanks = " \t\r,";
    text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
    const std::string_view word = text.substr(0, text.find_first_of(blanks));
    text.remove_prefix(word.size());
    return word;
  }

  void read_line(std::string_view text, std::size_t line, std::size_t class_count) {
    const std::string_view name = word_of(text), number = word_of(text);
    if (name.empty()) return;
    int index = 0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), index);
    const bool is_indexed = error == std::errc() && end == number.data() + number.size();
    const std::string where = named() + " line " + std::to_string(line) + ": ";
    if (!names_.empty() && is_indexed != indexed_) {
      throw std::runtime_error(where + (indexed_ ? "a number is wanted after the name, as before"
                                                 : "a number after the name, the lines before have none"));
    }
    indexed_ = is_indexed;
    if (!indexed_) index = static_cast<int>(names_.size());
    if (index < 0 || static_cast<std::size_t>(index) >= class_count) {
      throw std::runtime_error(where + "class " + std::to_string(index) + ", the model has " +
                               std::to_string(class_count) + " classes");
    }
    if (std::ranges::find(names_, name, &entry::name) != names_.end()) {
      throw std::runtime_error(where + flexdnn::quoted(name).text() + " stands there twice");
    }
    names_.push_back({std::string(name), index});
  }

  std::string path_;
  std::vector<entry> names_;
  bool indexed_ = false;
};

}  // namespace examples
