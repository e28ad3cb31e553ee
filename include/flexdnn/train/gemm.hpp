// SPDX-License-Identifier: MIT
// gemm: the matrix product of the gradients, and the only header of train/ that includes Eigen.
#pragma once

#include <Eigen/Core>
#include <cstddef>

namespace flexdnn {

/// Row-major matrix over memory that somebody else owns; `stride` elements lie between two rows, so that
/// one group's channels of a (pixels, channels) tensor are a view and not a copy.
template <class T>
struct matrix_view {
  T* data;
  std::ptrdiff_t rows;
  std::ptrdiff_t columns;
  std::ptrdiff_t stride;
};

enum class operand { plain, transposed };

namespace detail {

/// Whether Eigen 3.4 would not pack its operands: its loops then begin where memory is aligned, and the order
/// of a sum, and so its last bit, depends on addresses.
[[nodiscard]] constexpr bool unpacked(std::ptrdiff_t rows, std::ptrdiff_t columns, std::ptrdiff_t depth) {
  return rows == 1 || columns == 1 || rows + columns + depth < 20;
}

}  // namespace detail

/// c += op(a) op(b), with op(m) = m or its transpose.  op(a): {M, K}, op(b): {K, N}, c: {M, N}.
/// c must not overlap a or b. Cost: M N K MACs. Single-threaded; no bit depends on where memory lies.
template <operand A = operand::plain, operand B = operand::plain, class T>
void gemm(matrix_view<const T> a, matrix_view<const T> b, matrix_view<T> c) {
  constexpr bool turn_a = A == operand::transposed, turn_b = B == operand::transposed;
  const std::ptrdiff_t depth = turn_a ? a.rows : a.columns;
  if (detail::unpacked(c.rows, c.columns, depth)) {
    for (std::ptrdiff_t i = 0; i < c.rows; ++i) {
      for (std::ptrdiff_t k = 0; k < depth; ++k) {
        const T factor = turn_a ? a.data[k * a.stride + i] : a.data[i * a.stride + k];
        for (std::ptrdiff_t j = 0; j < c.columns; ++j) {
          c.data[i * c.stride + j] += factor * (turn_b ? b.data[j * b.stride + k] : b.data[k * b.stride + j]);
        }
      }
    }
    return;
  }
  using dense_matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  using stride = Eigen::OuterStride<>;
  const Eigen::Map<const dense_matrix, 0, stride> left(a.data, a.rows, a.columns, stride(a.stride));
  const Eigen::Map<const dense_matrix, 0, stride> right(b.data, b.rows, b.columns, stride(b.stride));
  Eigen::Map<dense_matrix, 0, stride> sum(c.data, c.rows, c.columns, stride(c.stride));
  if constexpr (!turn_a && !turn_b) {
    sum.noalias() += left * right;
  } else if constexpr (!turn_a) {
    sum.noalias() += left * right.transpose();
  } else if constexpr (!turn_b) {
    sum.noalias() += left.transpose() * right;
  } else {
    sum.noalias() += left.transpose() * right.transpose();
  }
}

}  // namespace flexdnn
