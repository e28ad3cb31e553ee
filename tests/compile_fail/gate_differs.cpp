// expect: flexdnn: a gate must give one factor for each channel
// SPDX-License-Identifier: MIT
// A gate of three factors for four channels.
// expect: at_layer<2>
// expect: got<
// expect: shape{3, 1, 1}
// expect: wanted<
// expect: shape{4, 1, 1}
#include <flexdnn/flexdnn.hpp>

using namespace flexdnn;

#ifdef REPAIRED
using block = gated<sequence<global_average_pool, dense<4>>>;
#else
using block = gated<sequence<global_average_pool, dense<3>>>;
#endif

struct net : network<input<3, 8, 8>, conv2d<4>, block, global_average_pool, dense<2>> {};
