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

/// c += op(a) op(b), with op(m) = m or its transpose.  op(a): {M, K}, op(b): {K, N}, c: {M, N}.
/// c must not overlap a or b. Cost: M N K MACs. Single-threaded.
template <operand A = operand::plain, operand B = operand::plain, class T>
void gemm(matrix_view<const T> a, matrix_view<const T> b, matrix_view<T> c) {
  using dense_matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  using stride = Eigen::OuterStride<>;
  const Eigen::Map<const dense_matrix, 0, stride> left(a.data, a.rows, a.columns, stride(a.stride));
  const Eigen::Map<const dense_matrix, 0, stride> right(b.data, b.rows, b.columns, stride(b.stride));
  Eigen::Map<dense_matrix, 0, stride> sum(c.data, c.rows, c.columns, stride(c.stride));
  if constexpr (A == operand::plain && B == operand::plain) {
    sum.noalias() += left * right;
  } else if constexpr (A == operand::plain) {
    sum.noalias() += left * right.transpose();
  } else if constexpr (B == operand::plain) {
    sum.noalias() += left.transpose() * right;
  } else {
    sum.noalias() += left.transpose() * right.transpose();
  }
}

}  // namespace flexdnn
