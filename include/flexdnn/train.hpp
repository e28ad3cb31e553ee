// SPDX-License-Identifier: MIT
// train: training of networks with their exits, whole or in part; search of branches, exits and thresholds; what is
// emitted. Needs Eigen and threads.
#pragma once

#include "search/adapt.hpp"
#include "search/emit.hpp"
#include "search/measure_candidates.hpp"
#include "search/measure_costs.hpp"
#include "search/place_exits.hpp"
#include "train/trainer.hpp"
#include "train/training_log.hpp"
