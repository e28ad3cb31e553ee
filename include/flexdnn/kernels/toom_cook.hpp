// SPDX-License-Identifier: MIT
// toom_cook: the transforms of Winograd's minimal filtering F(m,3), derived from their points.
#pragma once

#include <array>
#include <cstddef>

namespace flexdnn {

/// F(Outputs, 3): Outputs values of a correlation with 3 taps from Outputs + 2 products instead of 3 Outputs:
///   y = output [(filter g) * (input d)]   with * by element (Lavin and Gray 2016, equation 4).
/// The products are values of polynomials at 0, 1, -1, 2, -2, 1/2, -1/2 (as many as are needed) and infinity.
template <int Outputs>
struct toom_cook {
  static_assert(Outputs == 2 || Outputs == 4 || Outputs == 6, "points come in pairs of one absolute value");
  static constexpr int outputs = Outputs;
  static constexpr int taps = 3;
  static constexpr int points = Outputs + taps - 1;
  static constexpr int finite = points - 1;
  static constexpr int pairs = (finite - 1) / 2;  ///< points 2p + 1 and 2p + 2 are a_p and -a_p
  template <int Rows, int Columns>
  using matrix =
      std::array<std::array<double, static_cast<std::size_t>(Columns)>, static_cast<std::size_t>(Rows)>;

  static constexpr std::array<double, 7> point{0, 1, -1, 2, -2, 0.5, -0.5};

  /// Row i: the coefficients of the product of (x - a_j) over the other finite points j; at infinity over
  /// all.
  static constexpr auto input = [] {
    matrix<points, points> rows{};
    for (std::size_t i = 0; i < points; ++i) {
      auto& row = rows[i];
      row[0] = 1;
      for (std::size_t j = 0; j < finite; ++j) {
        if (j == i) continue;
        for (std::size_t k = points - 1; k > 0; --k) row[k] = row[k - 1] - point[j] * row[k];
        row[0] *= -point[j];
      }
    }
    return rows;
  }();

  /// Row i: powers of a_i, over the product of (a_i - a_j).
  static constexpr auto filter = [] {
    matrix<points, taps> rows{};
    for (std::size_t i = 0; i < finite; ++i) {
      double scale = 1;
      for (std::size_t j = 0; j < finite; ++j) scale *= j == i ? 1 : point[i] - point[j];
      rows[i] = {1 / scale, point[i] / scale, point[i] * point[i] / scale};
    }
    rows[finite] = {0, 0, 1};
    return rows;
  }();

  /// Row j: the j-th powers of the points; infinity counts in the last alone.
  static constexpr auto output = [] {
    matrix<outputs, points> rows{};
    for (std::size_t i = 0; i < finite; ++i) {
      double power = 1;
      for (std::size_t j = 0; j < outputs; ++j, power *= point[i]) rows[j][i] = power;
    }
    rows[outputs - 1][finite] = 1;
    return rows;
  }();
};

}  // namespace flexdnn
