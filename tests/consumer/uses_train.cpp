// SPDX-License-Identifier: MIT
// uses_train: what a user of flexdnn::train writes first.
#include <flexdnn/train.hpp>

int main() {
  constexpr flexdnn::shape frame{3, 32, 32};
  return frame.size() == 3072 ? 0 : 1;
}
