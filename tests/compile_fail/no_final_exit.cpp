// expect: flexdnn: the network has no final exit
// SPDX-License-Identifier: MIT
// A network that ends in a feature map.
// expect: at_layer<1>
// expect: got<
// expect: shape{4, 5, 5}
#include <flexdnn/flexdnn.hpp>

using namespace flexdnn;

#ifdef REPAIRED
struct net : network<input<3, 5, 5>, conv2d<4>, relu, global_average_pool, dense<2>> {};
#else
struct net : network<input<3, 5, 5>, conv2d<4>, relu> {};
#endif
