// SPDX-License-Identifier: MIT
// Parity of adam with PyTorch's Adam and AdamW.
#include <doctest/doctest.h>

#include <flexdnn/train/adam.hpp>

#include "optimiser_problem.hpp"

using namespace flexdnn;
using test::numbers;

TEST_CASE("twenty steps of adam end where PyTorch's do, with and without decoupled decay") {
  // run(lambda p: torch.optim.AdamW(p, lr=0.05, betas=(0.9, 0.99), eps=1e-6, weight_decay=0.0)), and 0.1
  adam optimiser{.learning_rate = 0.05, .beta1 = 0.9, .beta2 = 0.99, .epsilon = 1e-6};
  const numbers plain{0.1061096202213723, -1.0222248976091033, -0.44410194523777807, 2.3626173051281234};
  CHECK(test::relative_error(test::after_20_steps<double>(optimiser), plain) < 1e-13);
  CHECK(test::relative_error(test::after_20_steps<float>(optimiser), plain) < 1e-6);
  optimiser.weight_decay = 0.1;
  const numbers decayed{0.067370031807349476, -0.88150987188761454, -0.44557385262821969, 2.30207228106674};
  CHECK(test::relative_error(test::after_20_steps<double>(optimiser), decayed) < 1e-13);
}
