// SPDX-License-Identifier: MIT
// uses_flexdnn: what a user of flexdnn::flexdnn writes first.
#include <flexdnn/flexdnn.hpp>

#if defined(EXPECT_NO_SIMD) && !defined(FLEXDNN_NO_SIMD)
#error "a package that was not found is used all the same"
#endif

int main() {
  constexpr flexdnn::shape frame{3, 32, 32};
  return frame.size() == 3072 ? 0 : 1;
}
