// SPDX-License-Identifier: MIT
// text_table: rows of text in aligned columns, and the numbers that stand in them.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

namespace flexdnn {

/// 40551040 as "40,551,040".
[[nodiscard]] inline std::string grouped(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t i = text.size(); i > 3; i -= 3) text.insert(i - 3, ",");
  return text;
}

/// part of whole as "12.5 %"; "-" where there is no whole.
[[nodiscard]] inline std::string percent(double part, double whole) {
  if (!(whole > 0.0)) return "-";
  char text[32];
  std::snprintf(text, sizeof text, "%.1f %%", 100.0 * part / whole);
  return text;
}

/// Columns are as wide as their widest cell, two spaces apart. Where a line would pass the limit, the first
/// left-aligned column gives way and its cells lose their fronts: the end of a path says more.
class text_table {
 public:
  enum class side : unsigned char { left, right };
  struct column {
    std::string heading;
    side align = side::right;
  };

  explicit text_table(std::vector<column> columns, std::size_t limit = 110)
      : columns_(std::move(columns)), limit_(limit) {}

  /// As many cells as columns; missing ones are empty, further ones are dropped.
  void row(std::vector<std::string> cells) {
    cells.resize(columns_.size());
    rows_.push_back({std::move(cells), {}});
  }

  /// A line of its own, across the columns.
  void line(std::string text) { rows_.push_back({{}, std::move(text)}); }

  /// Headings, then the rows, each line ended by '\n' and without blanks at its end.
  [[nodiscard]] std::string text() const {
    const std::vector<std::size_t> widths = fit();
    std::vector<std::string> headings;
    for (const column& c : columns_) headings.push_back(c.heading);
    std::string all = spread(headings, widths);
    for (const entry& e : rows_) all += e.cells.empty() ? e.line + '\n' : spread(e.cells, widths);
    return all;
  }

 private:
  struct entry {
    std::vector<std::string> cells;
    std::string line;
  };

  [[nodiscard]] std::vector<std::size_t> fit() const {
    std::vector<std::size_t> widths;
    std::size_t total = 0;
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      std::size_t width = columns_[c].heading.size();
      for (const entry& e : rows_) width = e.cells.empty() ? width : std::max(width, e.cells[c].size());
      widths.push_back(width);
      total += width + (c > 0 ? 2 : 0);
    }
    constexpr std::size_t least = 8;  // ".." and six characters still tell rows apart
    for (std::size_t c = 0; c < columns_.size() && total > limit_; ++c) {
      if (columns_[c].align != side::left) continue;
      const std::size_t spare = widths[c] > least ? widths[c] - least : 0;
      widths[c] -= std::min(spare, total - limit_);
      break;
    }
    return widths;
  }

  [[nodiscard]] std::string spread(const std::vector<std::string>& cells,
                                   const std::vector<std::size_t>& widths) const {
    std::string text;
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      std::string cell = cells[c];
      if (cell.size() > widths[c]) cell = ".." + cell.substr(cell.size() - (widths[c] - 2));
      const std::string blanks(widths[c] - cell.size(), ' ');
      if (c > 0) text += "  ";
      text += columns_[c].align == side::left ? cell + blanks : blanks + cell;
    }
    text.erase(text.find_last_not_of(' ') + 1);
    return text + '\n';
  }

  std::vector<column> columns_;
  std::size_t limit_;
  std::vector<entry> rows_;
};

}  // namespace flexdnn
