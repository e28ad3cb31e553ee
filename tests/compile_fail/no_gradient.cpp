// expect: flexdnn: this layer has no gradient and cannot be trained
// SPDX-License-Identifier: MIT
// A network that runs, but whose layer of the user's has no gradient.
// expect: doubled
#include <flexdnn/flexdnn.hpp>
#include <flexdnn/train/training_graph.hpp>

using namespace flexdnn;

struct doubled {
  static constexpr std::string_view type_name = "doubled";
  static constexpr layer_role role = layer_role::general;
  static constexpr shape output(shape in) { return in; }
  static void run(shape in, const float* x, const float*, float* y, float*) noexcept {
    for (std::size_t i = 0; i < in.size(); ++i) y[i] = 2 * x[i];
  }
};
#ifdef REPAIRED
using middle = relu;
#else
using middle = doubled;
#endif

struct net : network<input<3, 5, 5>, conv2d<4>, middle, global_average_pool, dense<2>> {};
std::size_t operations() { return make_training_graph<net>().operations.size(); }
