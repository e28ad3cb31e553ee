// expect: flexdnn: groups do not divide the channels
// SPDX-License-Identifier: MIT
// Three groups of four channels.
// expect: at_layer<1>
// expect: got<
// expect: shape{4, 5, 5}
#include <flexdnn/flexdnn.hpp>

using namespace flexdnn;

#ifdef REPAIRED
using second = conv2d<6, groups<2>>;
#else
using second = conv2d<6, groups<3>>;
#endif

struct net : network<input<3, 5, 5>, conv2d<4>, second, global_average_pool, dense<2>> {};
