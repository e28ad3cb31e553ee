// expect: flexdnn: an option of this layer is out of range
// SPDX-License-Identifier: MIT
// A stride of zero.
// expect: at_layer<1>
// expect: got<
// expect: shape{4, 5, 5}
#include <flexdnn/flexdnn.hpp>

using namespace flexdnn;

#ifdef REPAIRED
using second = conv2d<4, stride<1>>;
#else
using second = conv2d<4, stride<0>>;
#endif

struct net : network<input<3, 5, 5>, conv2d<4>, second, global_average_pool, dense<2>> {};
