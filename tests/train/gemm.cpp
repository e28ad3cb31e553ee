// SPDX-License-Identifier: MIT
// Laws of gemm: the written sum for every pair of operands, added to c, within strided views.
#include <doctest/doctest.h>

#include <flexdnn/train/gemm.hpp>

#include "finite_difference.hpp"

using namespace flexdnn;
using test::numbers;

namespace {

constexpr double untouched = 1234.5;

/// A matrix in rows of `columns + 2` numbers, of which the last two are not the matrix's.
struct padded_matrix {
  std::ptrdiff_t rows, columns;
  numbers values;

  padded_matrix(random_generator& random, std::ptrdiff_t height, std::ptrdiff_t width)
      : rows{height}, columns{width}, values(static_cast<std::size_t>(height * (width + 2)), untouched) {
    for (std::ptrdiff_t r = 0; r < rows; ++r) {
      for (std::ptrdiff_t c = 0; c < columns; ++c) at(r, c) = random.normal();
    }
  }

  double& at(std::ptrdiff_t r, std::ptrdiff_t c) {
    return values[static_cast<std::size_t>(r * (columns + 2) + c)];
  }
  matrix_view<const double> view() const { return {values.data(), rows, columns, columns + 2}; }
  matrix_view<double> mutable_view() { return {values.data(), rows, columns, columns + 2}; }
};

template <operand A, operand B>
void check(random_generator& random, std::ptrdiff_t m, std::ptrdiff_t n, std::ptrdiff_t k) {
  constexpr bool a_plain = A == operand::plain;
  constexpr bool b_plain = B == operand::plain;
  padded_matrix a(random, a_plain ? m : k, a_plain ? k : m);
  padded_matrix b(random, b_plain ? k : n, b_plain ? n : k);
  padded_matrix c(random, m, n);
  padded_matrix wanted = c;
  for (std::ptrdiff_t r = 0; r < m; ++r) {
    for (std::ptrdiff_t q = 0; q < n; ++q) {
      for (std::ptrdiff_t i = 0; i < k; ++i) {
        wanted.at(r, q) += (a_plain ? a.at(r, i) : a.at(i, r)) * (b_plain ? b.at(i, q) : b.at(q, i));
      }
    }
  }
  gemm<A, B>(a.view(), b.view(), c.mutable_view());
  for (std::size_t i = 0; i < c.values.size(); ++i) {
    CHECK(c.values[i] == doctest::Approx(wanted.values[i]).epsilon(1e-12));
    if (wanted.values[i] == untouched) CHECK(c.values[i] == untouched);
  }
}

}  // namespace

TEST_CASE("gemm adds op(a) op(b) and writes nothing between the rows") {
  random_generator random{1};
  for (const std::ptrdiff_t m : {1, 7, 40}) {
    for (const std::ptrdiff_t n : {1, 8, 33}) {
      for (const std::ptrdiff_t k : {1, 9, 65}) {
        check<operand::plain, operand::plain>(random, m, n, k);
        check<operand::plain, operand::transposed>(random, m, n, k);
        check<operand::transposed, operand::plain>(random, m, n, k);
        check<operand::transposed, operand::transposed>(random, m, n, k);
      }
    }
  }
}
