// expect: flexdnn: there is no such cut point
// SPDX-License-Identifier: MIT
// A cut point beyond the last.
// expect: at_cut_point<4>
// expect: cut_points<3>
#include <flexdnn/flexdnn.hpp>

using namespace flexdnn;

struct backbone : network<input<3, 5, 5>, conv2d<4>, relu, conv2d<4>, global_average_pool, dense<2>> {};

#ifdef REPAIRED
constexpr int cut = 3;
using branch = exit_branch<"early", dense<2>>;
#else
constexpr int cut = 4;
using branch = exit_branch<"early", dense<2>>;
#endif

struct net : with_exits<backbone, at<cut, branch>> {};
