// SPDX-License-Identifier: MIT
// What cost.py measures: ResNet-20 with four exits, from frame to class, as a program without files has it.
#include "../../weights/cifar10_resnet20_exits.hpp"

using namespace flexdnn;
using classifier = cifar10_resnet20_exits;

extern "C" const packed<classifier> constants;
static engine<classifier, entropy_confidence<classifier>> net{
    constants, thresholds(classifier::risk_levels[2].thresholds)};

extern "C" int classify(const float* frame) {
  return net.run(engine<classifier>::frame(frame, classifier::frame.size())).label;
}
