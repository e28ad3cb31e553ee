// SPDX-License-Identifier: MIT
// table: rows of a text file, cells by the names in its heading.
#pragma once

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "where.hpp"

namespace examples {

/// Cells may stand in quotes, as csv_of() writes them, and then hold separators and quotes ("").
class table {
 public:
  table(const std::filesystem::path& path, char separator) : path_(path), separator_(separator), file_(path) {
    if (!file_) fail(path, "cannot be read");
    std::string line;
    std::getline(file_, line);
    heading_ = cells_of(line);
  }
  [[nodiscard]] bool has(const char* column) const {
    return std::ranges::find(heading_, column) != heading_.end();
  }
  [[nodiscard]] const std::vector<std::string>& heading() const { return heading_; }
  [[nodiscard]] const std::vector<std::string>& cells() const { return cells_; }  ///< of the row
  [[nodiscard]] std::size_t line() const { return line_; }
  bool next() {
    std::string line;
    if (!std::getline(file_, line)) return false;
    ++line_;
    cells_ = cells_of(line);
    return true;
  }
  [[nodiscard]] const std::string& text(const char* column) const {
    const auto at = static_cast<std::size_t>(std::ranges::find(heading_, column) - heading_.begin());
    if (at >= heading_.size()) fail(path_, std::string("has no column ") + column);
    if (at >= cells_.size()) fail(path_, "line " + std::to_string(line_) + " has no " + column);
    return cells_[at];
  }
  [[nodiscard]] int number(const char* column) const {
    const std::string& cell = text(column);
    int value = 0;
    const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
    if (error != std::errc() || end != cell.data() + cell.size()) {
      fail(path_, "line " + std::to_string(line_) + ": " + column + " is " + flexdnn::quoted(cell).text() +
                      ", a number is wanted");
    }
    return value;
  }

 private:
  [[nodiscard]] std::vector<std::string> cells_of(std::string line) const {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    std::vector<std::string> cells(1);
    bool quoted = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
      if (line[i] == '"' && quoted && i + 1 < line.size() && line[i + 1] == '"') {
        cells.back() += line[++i];
      } else if (line[i] == '"') {
        quoted = !quoted;
      } else if (line[i] == separator_ && !quoted) {
        cells.emplace_back();
      } else {
        cells.back() += line[i];
      }
    }
    if (quoted) fail(path_, "line " + std::to_string(line_) + " ends inside quotes");
    return cells;
  }

  std::filesystem::path path_;
  char separator_;
  std::ifstream file_;
  std::vector<std::string> heading_, cells_;
  std::size_t line_ = 1;
};

}  // namespace examples
