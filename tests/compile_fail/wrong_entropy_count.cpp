// expect: flexdnn: wrong number of thresholds
// SPDX-License-Identifier: MIT
// Two values of T for a network with one early exit.
// expect: 2 == 1
#include <flexdnn/flexdnn.hpp>

using namespace flexdnn;

using head = sequence<global_average_pool, dense<2>>;
struct net : network<input<3, 5, 5>, conv2d<4>, exit_branch<"early", head>, head> {};

#ifdef REPAIRED
void use(const packed<net>& weights) { engine<net, entropy_threshold<net>> e{weights, thresholds{0.5F}}; }
#else
void use(const packed<net>& weights) {
  engine<net, entropy_threshold<net>> e{weights, thresholds{0.5F, 0.6F}};
}
#endif
