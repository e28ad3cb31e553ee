// SPDX-License-Identifier: MIT
// engine: whole networks against their naive evaluation; exits stop, resume, finish and cost what they say.
#include <flexdnn/engine/engine.hpp>

#include "network_laws.hpp"
#include "networks.hpp"

TEST_CASE("layers in a row, fused or not") { network_laws<networks::plain>(); }
TEST_CASE("residuals round one convolution") { network_laws<networks::single_convolutions>(); }
TEST_CASE("shortcuts with layers") { network_laws<networks::shortcuts>(); }
TEST_CASE("loops") { network_laws<networks::loops>(); }
TEST_CASE("loops in loops, residuals in both") { network_laws<networks::nested>(); }
TEST_CASE("exits inserted anywhere") { network_laws<networks::inserted, networks::inserted_flat>(); }
TEST_CASE("exits written in the network") { network_laws<networks::written>(); }
