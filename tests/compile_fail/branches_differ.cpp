// expect: flexdnn: the branches of a parallel differ in height or width
// SPDX-License-Identifier: MIT
// Branches whose maps differ in extent cannot stand side by side.
// expect: at_layer<2>
// expect: got<
// expect: shape{4, 4, 4}
// expect: wanted<
// expect: shape{4, 8, 8}
#include <flexdnn/flexdnn.hpp>

using namespace flexdnn;

#ifdef REPAIRED
using block = parallel<conv2d<4, stride<2>>, conv2d<4, stride<2>>>;
#else
using block = parallel<conv2d<4>, conv2d<4, stride<2>>>;
#endif

struct net : network<input<3, 8, 8>, conv2d<4>, block, global_average_pool, dense<2>> {};
