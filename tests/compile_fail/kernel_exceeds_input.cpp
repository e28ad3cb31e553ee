// expect: flexdnn: the kernel is larger than its padded input
// SPDX-License-Identifier: MIT
// A kernel that does not fit its padded input.
// expect: at_layer<1>
// expect: got<
// expect: shape{4, 4, 4}
// expect: wanted<
// expect: shape{4, 5, 5}
#include <flexdnn/flexdnn.hpp>

using namespace flexdnn;

#ifdef REPAIRED
using second = conv2d<4, kernel<5>>;
#else
using second = conv2d<4, kernel<5>, padding<0>>;
#endif

struct net : network<input<3, 4, 4>, conv2d<4>, second, global_average_pool, dense<2>> {};
