// SPDX-License-Identifier: MIT
// train: training of exit branches on a frozen trunk, and which exits to keep. Needs Eigen and threads.
#pragma once

#include "search/measure_costs.hpp"
#include "search/place_exits.hpp"
#include "train/exit_trainer.hpp"
#include "train/sgd.hpp"
