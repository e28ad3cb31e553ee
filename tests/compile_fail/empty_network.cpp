// expect: flexdnn: the network has no final exit
// SPDX-License-Identifier: MIT
// A network without layers.
// expect: at_layer<-1>
#include <flexdnn/flexdnn.hpp>

using namespace flexdnn;

#ifdef REPAIRED
struct net : network<input<3, 1, 1>, dense<2>> {};
#else
struct net : network<input<3, 1, 1>> {};
#endif
