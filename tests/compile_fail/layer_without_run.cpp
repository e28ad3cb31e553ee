// expect: flexdnn: this layer has no kernel
// SPDX-License-Identifier: MIT
// A layer of the user's with role general, whose run lacks the scratch.
// expect: at_layer<1>
// expect: doubled
#include <flexdnn/flexdnn.hpp>

using namespace flexdnn;

struct doubled {
  static constexpr std::string_view type_name = "doubled";
  static constexpr layer_role role = layer_role::general;
  static constexpr shape output(shape in) { return in; }
#ifdef REPAIRED
  static void run(shape in, const float* x, const float*, float* y, float*) noexcept {
#else
  static void run(shape in, const float* x, const float*, float* y) noexcept {
#endif
      for (std::size_t i = 0; i < in.size(); ++i) y[i] = 2 * x[i];
}
}
;

struct net : network<input<3, 5, 5>, conv2d<4>, doubled, global_average_pool, dense<2>> {};
engine<net>* used = nullptr;
int classes() { return static_cast<int>(used->logits().size()); }
