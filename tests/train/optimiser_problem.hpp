// SPDX-License-Identifier: MIT
// optimiser_problem: the small problem on which optimisers are compared with PyTorch.
#pragma once

#include <cstdint>
#include <span>

#include "finite_difference.hpp"

namespace flexdnn::test {

// The expected numbers of the optimisers' tests come from this script, PyTorch in float64:
//   def run(make):
//       p = torch.tensor([1.0, -2.0, 0.5, 3.0], dtype=torch.float64, requires_grad=True)
//       a = torch.tensor([1.0, 0.5, 2.0, 0.1], dtype=torch.float64)
//       b = torch.tensor([0.0, 1.0, -1.0, 2.5], dtype=torch.float64)
//       o = make([p])
//       for _ in range(20):
//           p.grad = (a * (p.detach() - b)).clone()
//           o.step()
//       print(["%.17g" % v for v in p.tolist()])

/// The parameters after 20 steps down the gradient a (p - b).
template <class T, class Optimiser>
numbers after_20_steps(const Optimiser& optimiser) {
  std::vector<T> p{T(1.0), T(-2.0), T(0.5), T(3.0)};
  const T a[] = {T(1.0), T(0.5), T(2.0), T(0.1)};
  const T b[] = {T(0.0), T(1.0), T(-1.0), T(2.5)};
  std::vector<T> state(p.size() * Optimiser::state_per_parameter);
  std::vector<T> gradient(p.size());
  for (std::uint64_t step = 1; step <= 20; ++step) {
    for (std::size_t i = 0; i < p.size(); ++i) gradient[i] = a[i] * (p[i] - b[i]);
    optimiser.update(step, std::span{p}, gradient, state);
  }
  return {p.begin(), p.end()};
}

}  // namespace flexdnn::test
