// expect: flexdnn: a repeated block must keep its input's shape
// SPDX-License-Identifier: MIT
// A repeated block that widens its input.
// expect: at_layer<2>
// expect: got<
// expect: shape{8, 5, 5}
// expect: wanted<
// expect: shape{4, 5, 5}
#include <flexdnn/flexdnn.hpp>

using namespace flexdnn;

#ifdef REPAIRED
constexpr int width = 4;
#else
constexpr int width = 8;
#endif

struct net : network<input<3, 5, 5>, conv2d<4>, repeat<3, sequence<relu, conv2d<width>>>, global_average_pool,
                     dense<2>> {};
