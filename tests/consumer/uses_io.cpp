// SPDX-License-Identifier: MIT
// uses_io: what a user of flexdnn::io writes first.
#include <flexdnn/io.hpp>

int main() {
  constexpr flexdnn::shape frame{3, 32, 32};
  return frame.size() == 3072 ? 0 : 1;
}
