// expect: flexdnn: this is not a layer
// SPDX-License-Identifier: MIT
// A type that is neither a layer nor a composite.
// expect: at_layer<1>
// expect: got<
#include <flexdnn/flexdnn.hpp>

using namespace flexdnn;

#ifdef REPAIRED
using second = relu;
#else
struct second {};
#endif

struct net : network<input<3, 4, 4>, conv2d<4>, second, global_average_pool, dense<2>> {};
