// expect: flexdnn: two exits have the same name
// SPDX-License-Identifier: MIT
// Two exits of one name.
// expect: at_exit<1>
#include <flexdnn/flexdnn.hpp>

using namespace flexdnn;

using head = sequence<global_average_pool, dense<2>>;

#ifdef REPAIRED
using second = exit_branch<"middle", head>;
#else
using second = exit_branch<"early", head>;
#endif

struct net : network<input<3, 5, 5>, conv2d<4>, exit_branch<"early", head>, conv2d<4>, second, head> {};
