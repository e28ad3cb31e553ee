// SPDX-License-Identifier: MIT
// train: training of exit branches on a frozen trunk; search of branches, exits and thresholds; what is emitted. Needs
// Eigen and threads.
#pragma once

#include "search/adapt.hpp"
#include "search/emit.hpp"
#include "search/measure_candidates.hpp"
#include "search/measure_costs.hpp"
#include "search/place_exits.hpp"
#include "train/exit_trainer.hpp"
#include "train/sgd.hpp"
