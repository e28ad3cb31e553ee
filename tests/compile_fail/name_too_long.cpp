// expect: flexdnn: the path of a parameter is longer than 63 characters
// SPDX-License-Identifier: MIT
// A parameter whose path has more than 63 characters.
// expect: at_layer<0>
#include <flexdnn/flexdnn.hpp>

using namespace flexdnn;

#ifdef REPAIRED
using first = named<"conv", conv2d<4>>;
#else
using first = named<"the_first_convolution_of_the_network", named<"in_the_style_of_the_eighties", conv2d<4>>>;
#endif

struct net : network<input<3, 5, 5>, first, global_average_pool, dense<2>> {};
