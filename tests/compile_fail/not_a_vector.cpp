// expect: flexdnn: this layer takes a vector
// SPDX-License-Identifier: MIT
// A dense layer on a feature map.
// expect: at_layer<1>
// expect: got<
// expect: shape{4, 5, 5}
// expect: wanted<
// expect: shape{100, 1, 1}
#include <flexdnn/flexdnn.hpp>

using namespace flexdnn;

#ifdef REPAIRED
struct net : network<input<3, 5, 5>, conv2d<4>, flatten, dense<2>> {};
#else
struct net : network<input<3, 5, 5>, conv2d<4>, dense<2>> {};
#endif
