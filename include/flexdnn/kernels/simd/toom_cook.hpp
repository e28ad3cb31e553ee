// SPDX-License-Identifier: MIT
// simd/toom_cook: the one-dimensional transforms of F(m,3) on vectors of channels.
#pragma once

#include <utility>

#include "../toom_cook.hpp"
#include "vector.hpp"

namespace flexdnn::detail {

// Numbers as types: Clang 16 takes no double as a template argument.
template <class F, int Row, int Column>
struct input_factor {
  static constexpr double value = F::input[static_cast<std::size_t>(Row)][static_cast<std::size_t>(Column)];
};
template <class F, int Row, int Column>
struct output_factor {
  static constexpr double value = F::output[static_cast<std::size_t>(Row)][static_cast<std::size_t>(Column)];
};

/// sum + k x, without a product for 0, 1 and -1.
template <class K, class Arch>
[[gnu::always_inline]] inline void add_multiple(vector<Arch>& sum, const vector<Arch>& x) {
  if constexpr (K::value == 1) {
    sum += x;
  } else if constexpr (K::value == -1) {
    sum -= x;
  } else if constexpr (K::value != 0) {
    sum = multiply_add<Arch>(vector<Arch>(static_cast<float>(K::value)), x, sum);
  }
}

/// sum_j input[Row][j] x[j] over the j of one parity; `Lead` is the largest, whose coefficient is not 0.
template <class Arch, class F, int Row, int Lead>
[[gnu::always_inline]] inline vector<Arch> half_row(const vector<Arch>* x) {
  constexpr double lead = input_factor<F, Row, Lead>::value;
  vector<Arch> sum = x[Lead];
  if constexpr (lead != 1) sum *= vector<Arch>(static_cast<float>(lead));
  [&]<int... J>(std::integer_sequence<int, J...>) {
    (add_multiple<input_factor<F, Row, Lead - 2 * (J + 1)>, Arch>(sum, x[Lead - 2 * (J + 1)]), ...);
  }
  (std::make_integer_sequence<int, Lead / 2>{});
  return sum;
}

/// to[i * Step] = (input x)[i]. The rows of a and -a differ in the sign of their odd part alone.
template <class Arch, class F, int Step>
[[gnu::always_inline]] inline void transform_input(const vector<Arch>* x, vector<Arch>* to) {
  constexpr int last = F::points - 1;
  to[0] = half_row<Arch, F, 0, last - 1>(x);
  [&]<int... P>(std::integer_sequence<int, P...>) {
    const auto pair = [&]<int Plus>(std::integral_constant<int, Plus>) {
      const vector<Arch> even = half_row<Arch, F, Plus, last - 1>(x);
      const vector<Arch> odd = half_row<Arch, F, Plus, last - 2>(x);
      to[Plus * Step] = even + odd;
      to[(Plus + 1) * Step] = even - odd;
    };
    (pair(std::integral_constant<int, 2 * P + 1>{}), ...);
  }
  (std::make_integer_sequence<int, F::pairs>{});
  to[last * Step] = half_row<Arch, F, last, last>(x);
}

/// to[j * Step] = (output x)[j].
template <class Arch, class F, int Step>
[[gnu::always_inline]] inline void transform_output(const vector<Arch>* x, vector<Arch>* to) {
  vector<Arch> sum[F::pairs], difference[F::pairs];
#pragma GCC unroll 8
  for (int p = 0; p < F::pairs; ++p) {
    sum[p] = x[2 * p + 1] + x[2 * p + 2];
    difference[p] = x[2 * p + 1] - x[2 * p + 2];
  }
  [&]<int... J>(std::integer_sequence<int, J...>) {
    const auto row = [&]<int At>(std::integral_constant<int, At>) {
      const vector<Arch>* const part = At % 2 == 0 ? sum : difference;
      vector<Arch> y = part[0];  // the pair 1, -1: its powers are 1
      if constexpr (At == 0) y += x[0];
      if constexpr (At == F::outputs - 1) y += x[F::points - 1];
      [&]<int... P>(std::integer_sequence<int, P...>) {
        (add_multiple<output_factor<F, At, 2 * P + 3>, Arch>(y, part[P + 1]), ...);
      }
      (std::make_integer_sequence<int, F::pairs - 1>{});
      to[At * Step] = y;
    };
    (row(std::integral_constant<int, J>{}), ...);
  }
  (std::make_integer_sequence<int, F::outputs>{});
}

}  // namespace flexdnn::detail
