// SPDX-License-Identifier: MIT
// csv_rows: a file of comma-separated values as it is, to be shown (table reads columns by their names).
#pragma once

#include <cstdint>
#include <flexdnn/io/file.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "page.hpp"
#include "where.hpp"

namespace examples {

struct csv_rows {
  row heading{};
  std::vector<row> rows{};
};

/// Cells may stand in quotes, as csv_of() writes them. Throws where the file cannot be read, has no row, or a
/// row has other than the heading's cells: which, got, wanted.
[[nodiscard]] inline csv_rows read_csv(const std::string& path) {
  std::vector<char> text;
  if (const flexdnn::status s = flexdnn::read_file(path, text, std::uint64_t{1} << 24); !s)
    throw std::runtime_error(s.message());
  csv_rows all;
  row cells(1);
  std::size_t lines = 0;
  const auto end_row = [&] {
    ++lines;
    const bool is_empty = cells.size() == 1 && cells[0].empty();
    if (!is_empty && !all.heading.empty() && cells.size() != all.heading.size()) {
      fail(path, "row " + std::to_string(lines) + " has " + std::to_string(cells.size()) +
                     " cells, wanted the heading's " + std::to_string(all.heading.size()));
    }
    if (!is_empty) all.heading.empty() ? void(all.heading = cells) : all.rows.push_back(cells);
    cells.assign(1, {});
  };
  bool is_quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"' && is_quoted && i + 1 < text.size() && text[i + 1] == '"') {
      cells.back() += text[++i];
    } else if (c == '"') {
      is_quoted = !is_quoted;
    } else if (c == ',' && !is_quoted) {
      cells.emplace_back();
    } else if (c == '\n' && !is_quoted) {
      end_row();
    } else if (c != '\r' || is_quoted) {
      cells.back() += c;
    }
  }
  if (is_quoted) fail(path, "ends inside quotes");
  end_row();
  if (all.rows.empty()) fail(path, "has no row, wanted a heading and rows");
  return all;
}

}  // namespace examples
