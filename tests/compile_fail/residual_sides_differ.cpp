// expect: flexdnn: the two sides of a residual differ in shape
// SPDX-License-Identifier: MIT
// A body that halves the map beside an identity shortcut.
// expect: at_layer<1>
// expect: got<
// expect: shape{8, 4, 4}
// expect: wanted<
// expect: shape{4, 8, 8}
#include <flexdnn/flexdnn.hpp>

using namespace flexdnn;

#ifdef REPAIRED
using block = residual<conv2d<8, kernel<3>, stride<2>>, conv2d<8, kernel<1>, stride<2>>>;
#else
using block = residual<conv2d<8, kernel<3>, stride<2>>>;
#endif

struct net : network<input<3, 8, 8>, conv2d<4>, block, global_average_pool, dense<2>> {};
