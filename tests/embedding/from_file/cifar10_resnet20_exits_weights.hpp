// SPDX-License-Identifier: MIT
// Stands for the header that embed writes: the same name, loaded from the weights' file when a program
// starts.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <flexdnn/io/weights.hpp>

#include "../../../weights/cifar10_resnet20_exits.hpp"

// static: Clang 16 initialises inline variables after those of the file that includes them.
static const auto& cifar10_resnet20_exits_weights = []() -> const auto& {
  static flexdnn::packed<flexdnn::cifar10_resnet20_exits> values;
  const flexdnn::status s =
      flexdnn::load(FLEXDNN_SOURCE_DIR "/weights/cifar10_resnet20_exits.safetensors", values);
  if (!s) {
    std::puts(s.message());
    std::exit(1);
  }
  return values;
}
();
