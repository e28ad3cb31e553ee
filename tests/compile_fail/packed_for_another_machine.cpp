// expect: flexdnn: this target is only packed for: it has no kernels that read its panels
// SPDX-License-Identifier: MIT
// Packing for another machine is right; running on its layout is not.
#include <flexdnn/flexdnn.hpp>
#include <flexdnn/plan/layout_target.hpp>

using namespace flexdnn;

struct small : network<input<3, 8, 8>, conv2d<8, kernel<3>>, relu, global_average_pool, dense<2>> {};

#ifdef REPAIRED
using target = native_target;
#else
using target = layout_target<3 * native_target::panel.panel()>;
#endif

int main() {
  static packed<small, target> values;
  static engine<small, always_last, target> net{values};
  static const float frame[3 * 8 * 8] = {};
  return net.run(frame).label;
}
