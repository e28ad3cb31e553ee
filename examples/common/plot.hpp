// SPDX-License-Identifier: MIT
// plot: curves, points and bars as SVG, drawn by gnuplot.
#pragma once

#include <string>
#include <vector>

namespace examples {

struct series {
  enum class style { line, points, bars };

  std::string name{};
  style how = style::line;
  std::vector<double> x{}, y{};
};

struct plot {
  std::string x_label, y_label;
  std::vector<series> all;
  int width = 640, height = 420;
};

/// The SVG element, for a page. Empty where there is no gnuplot: the page then has its tables alone. Throws
/// where gnuplot fails.
[[nodiscard]] std::string svg_of(const plot& p);

}  // namespace examples
