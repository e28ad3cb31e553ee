// expect: flexdnn: at<> takes an exit_branch
// SPDX-License-Identifier: MIT
// at<> with a layer where a branch is wanted.
// expect: at_layer<3>
#include <flexdnn/flexdnn.hpp>

using namespace flexdnn;

struct backbone : network<input<3, 5, 5>, conv2d<4>, global_average_pool, dense<2>> {};

#ifdef REPAIRED
struct net : with_exits<backbone, at<2, exit_branch<"early", dense<2>>>> {};
#else
struct net : with_exits<backbone, at<2, dense<2>>> {};
#endif
