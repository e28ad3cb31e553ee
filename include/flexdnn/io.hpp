// SPDX-License-Identifier: MIT
// io: weights and data from files, weights into programs, and describe. Needs a file system and a heap.
#pragma once

#include "io/describe.hpp"
#include "io/embed.hpp"
#include "io/records.hpp"
#include "io/weights.hpp"
