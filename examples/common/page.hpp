// SPDX-License-Identifier: MIT
// page: a report as one self-contained HTML file: headings, tables, plots, small images.
#pragma once

#include <cstdint>
#include <flexdnn/core/shape.hpp>
#include <span>
#include <string>
#include <vector>

#include "plot.hpp"

namespace examples {

using row = std::vector<std::string>;

class page {
 public:
  explicit page(const std::string& title);

  void heading(const std::string& text);
  void paragraph(const std::string& text);
  void table(const row& heading, const std::vector<row>& rows);
  /// Without gnuplot: a line that says so.
  void figure(const plot& p, const std::string& caption);
  /// Planar bytes, each image drawn three times as large.
  void images(flexdnn::shape extent, const std::vector<std::span<const std::uint8_t>>& all,
              const std::string& caption);

  [[nodiscard]] std::string html() const { return text_ + "</body></html>\n"; }

 private:
  std::string text_;
};

/// Rows as comma-separated values; cells with commas or quotes are quoted.
[[nodiscard]] std::string csv_of(const row& heading, const std::vector<row>& rows);

/// %.*f
[[nodiscard]] std::string fixed(double value, int digits);

}  // namespace examples
