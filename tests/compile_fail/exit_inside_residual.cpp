// expect: flexdnn: an exit cannot stand inside a residual or a repeat
// SPDX-License-Identifier: MIT
// An exit written inside a residual.
// expect: at_layer<1>
// expect: got<
// expect: shape{4, 5, 5}
#include <flexdnn/flexdnn.hpp>

using namespace flexdnn;

using head = sequence<global_average_pool, dense<2>>;

#ifdef REPAIRED
using block = sequence<residual<conv2d<4>>, exit_branch<"early", head>>;
#else
using block = residual<sequence<conv2d<4>, exit_branch<"early", head>>>;
#endif

struct net : network<input<4, 5, 5>, block, head> {};
