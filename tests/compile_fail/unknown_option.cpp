// expect: flexdnn: this layer does not take one of its options
// SPDX-License-Identifier: MIT
// A dense layer with a kernel.
// expect: at_layer<2>
// expect: got<
// expect: shape{4, 1, 1}
#include <flexdnn/flexdnn.hpp>

using namespace flexdnn;

#ifdef REPAIRED
using last = dense<2, bias<false>>;
#else
using last = dense<2, kernel<3>>;
#endif

struct net : network<input<3, 5, 5>, conv2d<4>, global_average_pool, last> {};
