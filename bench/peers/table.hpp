// SPDX-License-Identifier: MIT
// table: what was measured, as the table of a terminal and as JSON.
#pragma once

#include <cstddef>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace flexdnn::bench {

struct row {
  std::string_view name;
  double mmacs = 0, ours_ms = 0, peak_share = 0;
  std::vector<double> peers_ms;  ///< in the order of the columns
  std::size_t kept = 0;          ///< samples, of the column that has the fewest
  std::optional<double> error;   ///< largest relative L2 of ours against a peer's output
  bool agrees = true;            ///< each peer's error is one that it may have
};

/// Peers are the columns, in JSON by name, in the table by title.
class table {
 public:
  struct column {
    std::string_view name;
    std::string title;
  };

  explicit table(std::vector<column> peers) : peers_(std::move(peers)) {}

  void print_head() const;
  /// Prints it and keeps it for the JSON.
  void add(row r);
  void write_json(std::FILE* file) const;

 private:
  std::vector<column> peers_;
  std::vector<row> rows_;
};

}  // namespace flexdnn::bench
