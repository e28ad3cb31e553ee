// SPDX-License-Identifier: MIT
// Parity of sgd with PyTorch's SGD.
#include <doctest/doctest.h>

#include <flexdnn/train/sgd.hpp>

#include "optimiser_problem.hpp"

using namespace flexdnn;
using test::numbers;

TEST_CASE("twenty steps of sgd end where PyTorch's do: plain, momentum with decay, nesterov") {
  // run(lambda p: torch.optim.SGD(p, lr=0.05))
  // run(lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9, weight_decay=0.01)), and nesterov=True
  sgd optimiser{.learning_rate = 0.05};
  const numbers plain{0.35848592240854221, -0.80806304065730106, -0.81763501811414607, 2.9523052401373091};
  CHECK(test::relative_error(test::after_20_steps<double>(optimiser), plain) < 1e-13);
  optimiser.momentum = 0.9;
  optimiser.weight_decay = 0.01;
  const numbers heavy{-0.11268322147422197, 2.0102064121064145, -0.48119482021150634, 2.5926532199895469};
  CHECK(test::relative_error(test::after_20_steps<double>(optimiser), heavy) < 1e-13);
  CHECK(test::relative_error(test::after_20_steps<float>(optimiser), heavy) < 1e-6);
  optimiser.nesterov = true;
  const numbers ahead{-0.063596872140950625, 1.7619876213546259, -0.81739794049550107, 2.5807358824298872};
  CHECK(test::relative_error(test::after_20_steps<double>(optimiser), ahead) < 1e-13);
}
