// expect: flexdnn: an exit cannot stand inside a residual or a repeat
// SPDX-License-Identifier: MIT
// An exit written inside a repeated block.
// expect: at_layer<1>
// expect: got<
// expect: shape{4, 5, 5}
#include <flexdnn/flexdnn.hpp>

using namespace flexdnn;

using head = sequence<global_average_pool, dense<2>>;

#ifdef REPAIRED
struct backbone : network<input<3, 5, 5>, conv2d<4>, repeat<3, conv2d<4>>, head> {};
struct net : with_exits<backbone, at<3, exit_branch<"early", head>>> {};
#else
struct net
    : network<input<3, 5, 5>, conv2d<4>, repeat<3, sequence<conv2d<4>, exit_branch<"early", head>>>, head> {};
#endif
