// expect: flexdnn: the exits differ in their number of classes
// SPDX-License-Identifier: MIT
// An exit with other classes than the final one.
// expect: at_exit<0>
// expect: got<
// expect: shape{3, 1, 1}
// expect: wanted<
// expect: shape{2, 1, 1}
#include <flexdnn/flexdnn.hpp>

using namespace flexdnn;

#ifdef REPAIRED
constexpr int classes = 2;
#else
constexpr int classes = 3;
#endif

struct net : network<input<3, 5, 5>, conv2d<4>, exit_branch<"early", global_average_pool, dense<classes>>,
                     global_average_pool, dense<2>> {};
