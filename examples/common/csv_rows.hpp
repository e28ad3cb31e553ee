// SPDX-License-Identifier: MIT
// csv_rows: a file of comma-separated values as it is, to be shown.
#pragma once

#include <string>
#include <vector>

#include "page.hpp"
#include "table.hpp"

namespace examples {

struct csv_rows {
  row heading{};
  std::vector<row> rows{};
};

/// Empty lines are left out. Throws where the file cannot be read, has no row, or a row has other than the
/// heading's cells: which, got, wanted.
[[nodiscard]] inline csv_rows read_csv(const std::string& path) {
  table file(path, ',');
  csv_rows all{file.heading(), {}};
  while (file.next()) {
    const row& cells = file.cells();
    if (cells == row{""}) continue;
    if (cells.size() != all.heading.size()) {
      fail(path, "line " + std::to_string(file.line()) + " has " + std::to_string(cells.size()) +
                     " cells, wanted the heading's " + std::to_string(all.heading.size()));
    }
    all.rows.push_back(cells);
  }
  if (all.rows.empty()) fail(path, "has no row, wanted a heading and rows");
  return all;
}

}  // namespace examples
