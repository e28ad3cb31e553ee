// expect: flexdnn: an exit ends in class scores: leave the softmax out
// SPDX-License-Identifier: MIT
// A network that normalises its scores itself: the engine would do it again, and confidences would be wrong.
// expect: at_layer<3>
#include <flexdnn/flexdnn.hpp>

using namespace flexdnn;

#ifdef REPAIRED
using last = dense<2>;
#else
using last = sequence<dense<2>, softmax2d>;
#endif

struct net : network<input<3, 8, 8>, conv2d<4>, global_average_pool, last> {};
