// expect: flexdnn: an exit cannot stand inside a residual or a repeat, a parallel or a gate
// SPDX-License-Identifier: MIT
// An exit in a branch: there is no one feature map to go on from.
// expect: at_layer<2>
#include <flexdnn/flexdnn.hpp>

using namespace flexdnn;

using head = sequence<global_average_pool, dense<2>>;
#ifdef REPAIRED
struct net : network<input<3, 8, 8>, parallel<conv2d<4>, conv2d<4>>, exit_branch<"early", head>, head> {};
#else
struct net
    : network<input<3, 8, 8>, parallel<conv2d<4>, sequence<conv2d<4>, exit_branch<"early", head>>>, head> {};
#endif
