// expect: flexdnn: this layer takes a vector
// SPDX-License-Identifier: MIT
// A mistake stays one error where the network is also packed, loaded into an engine and run.
// expect: at_layer<1>
// expect: got<
// expect: shape{4, 5, 5}
#include <flexdnn/flexdnn.hpp>

using namespace flexdnn;

#ifdef REPAIRED
struct net : network<input<3, 5, 5>, conv2d<4>, flatten, dense<2>> {};
#else
struct net : network<input<3, 5, 5>, conv2d<4>, dense<2>> {};
#endif

int use(const packed<net>& weights, const float* frame) {
  engine<net, entropy_confidence<net>> e{weights, thresholds{}};
  return e.run(engine<net>::frame(frame, 75)).label;
}
