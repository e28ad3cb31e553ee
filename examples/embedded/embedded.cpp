// SPDX-License-Identifier: MIT
// embedded: a classifier as firmware has it: weights and frames are constants, and there is no file system,
// no heap and no exception. Compiled with -fno-exceptions -fno-rtti; a test looks at the symbols that it
// needs.
//
// cifar10_resnet20_exits_weights.hpp is written by examples/embed when this program is built.
#include <cstdio>
#include <flexdnn/flexdnn.hpp>
#include <flexdnn/kernels/convert.hpp>

#include "cifar10_resnet20_exits_weights.hpp"

/// Records of CIFAR-10's kind: the class, then the planes of red, green and blue.
extern "C" const std::uint8_t embedded_frames[12][1 + 3 * 32 * 32];

namespace {

using namespace flexdnn;
using classifier = cifar10_resnet20_exits;

// All the memory there is, outside any function: a static inside one would need the C++ run time's guards,
// and an engine is too large for a stack.
engine<classifier, entropy_confidence<classifier>> net{cifar10_resnet20_exits_weights,
                                                       thresholds(classifier::risk_levels[2].thresholds)};
std::array<float, classifier::frame.size()> frame;

}  // namespace

int main() {
  for (const auto& record : embedded_frames) {
    normalize_planar(classifier::frame, record + 1, cifar10::mean, cifar10::deviation, frame.data());
    const auto a = net.run(frame);
    // Whole numbers alone: printing a float takes memory from the heap in some C libraries.
    std::printf("%-10s taken for %-10s exit %d of %d, confidence %3d %%, %2d MMACs\n",
                cifar10::classes[record[0]].data(),
                cifar10::classes[static_cast<std::size_t>(a.label)].data(), a.exit + 1, net.exits,
                static_cast<int>(100.0F * a.confidence + 0.5F), static_cast<int>(a.macs / 1'000'000));
  }
  return 0;
}
