// SPDX-License-Identifier: MIT
// train: training of exit branches on a frozen trunk. Needs Eigen and threads.
#pragma once

#include "train/exit_trainer.hpp"
#include "train/sgd.hpp"
