// expect: flexdnn: an option of this layer is out of range
// SPDX-License-Identifier: MIT
// A block that is repeated zero times.
// expect: at_layer<1>
#include <flexdnn/flexdnn.hpp>

using namespace flexdnn;

#ifdef REPAIRED
constexpr int count = 1;
#else
constexpr int count = 0;
#endif

struct net : network<input<3, 5, 5>, conv2d<4>, repeat<count, relu>, global_average_pool, dense<2>> {};
