// expect: flexdnn: an exit branch must end in a vector of class scores
// SPDX-License-Identifier: MIT
// A branch that ends in a feature map.
// expect: at_layer<1>
// expect: got<
// expect: shape{2, 5, 5}
// expect: wanted<
// expect: shape{2, 1, 1}
#include <flexdnn/flexdnn.hpp>

using namespace flexdnn;

#ifdef REPAIRED
using branch = sequence<conv2d<2>, global_average_pool>;
#else
using branch = conv2d<2>;
#endif

struct net : network<input<3, 5, 5>, conv2d<4>, exit_branch<"early", branch>, global_average_pool, dense<2>> {
};
