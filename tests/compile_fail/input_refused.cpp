// expect: flexdnn: this layer refuses the shape of its input
// SPDX-License-Identifier: MIT
// An option-A shortcut that narrows.
// expect: at_layer<1>
// expect: got<
// expect: shape{8, 6, 6}
#include <flexdnn/flexdnn.hpp>

using namespace flexdnn;

#ifdef REPAIRED
constexpr int width = 16;
#else
constexpr int width = 4;
#endif

struct net : network<input<3, 6, 6>, conv2d<8>, zero_pad_shortcut<width, 2>, global_average_pool, dense<2>> {
};
