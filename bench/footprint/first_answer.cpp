// SPDX-License-Identifier: MIT
// What footprint.py measures: ResNet-20 answers one frame, through to its final exit, and waits to be looked
// at.
#include <cinttypes>
#include <cstdio>

#include "cifar10_resnet20_exits_weights.hpp"

namespace {

using classifier = flexdnn::cifar10_resnet20_exits;
flexdnn::engine<classifier> net{cifar10_resnet20_exits_weights};
std::array<float, classifier::frame.size()> frame;

}  // namespace

int main() {
  const auto a = net.run(frame);
  std::printf("%d %" PRIu64 "\n", a.label, a.macs);
  std::fflush(stdout);
  return std::getchar() == EOF ? 0 : 1;
}
