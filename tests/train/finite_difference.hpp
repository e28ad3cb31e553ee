// SPDX-License-Identifier: MIT
// finite_difference: what every gradient test compares with, in double precision.
#pragma once

#include <cmath>
#include <cstddef>
#include <flexdnn/train/random_generator.hpp>
#include <vector>

namespace flexdnn::test {

using numbers = std::vector<double>;

inline numbers random_numbers(random_generator& random, std::size_t size) {
  numbers values(size);
  for (double& value : values) value = random.normal();
  return values;
}

inline double dot(const numbers& a, const numbers& b) {
  double sum = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

/// |a - b| / |b| in the Euclidean norm; b must not be zero, or a test could not fail.
inline double relative_error(const numbers& a, const numbers& b) {
  double difference = a.size() == b.size() ? 0.0 : INFINITY;
  for (std::size_t i = 0; i < b.size() && i < a.size(); ++i) difference += (a[i] - b[i]) * (a[i] - b[i]);
  return std::sqrt(difference / dot(b, b));
}

/// d loss / d at, by central differences; `loss` reads the vector `at` that it is given here. Of the values
/// at first <= i < last; the others are 0.
template <class F>
numbers finite_difference(numbers& at, F loss, std::size_t first, std::size_t last, double step = 1e-5) {
  numbers gradient(at.size(), 0.0);
  for (std::size_t i = first; i < last; ++i) {
    const double value = at[i];
    at[i] = value + step;
    const double above = loss();
    at[i] = value - step;
    const double below = loss();
    at[i] = value;
    gradient[i] = (above - below) / (2.0 * step);
  }
  return gradient;
}

template <class F>
numbers finite_difference(numbers& at, F loss, double step = 1e-5) {
  return finite_difference(at, loss, 0, at.size(), step);
}

}  // namespace flexdnn::test
