// SPDX-License-Identifier: MIT
// augmentation_options: how images are changed while a network is trained, as options of a program.
#pragma once

#include <CLI/CLI.hpp>
#include <flexdnn/train/augment.hpp>

namespace examples {

inline void add_augmentation(CLI::App& app, flexdnn::augmentation& change) {
  app.add_option("--shift", change.shift,
                 "pixels an image moves at most; it is also mirrored where that leaves its label")
      ->capture_default_str();
  app.add_option("--rotation", change.rotation, "degrees it turns at most, either way")
      ->capture_default_str();
  app.add_option("--scale", change.scale, "share by which it grows or shrinks at most")
      ->capture_default_str();
  app.add_option("--brightness", change.brightness, "b of a factor from 1 - b to 1 + b")
      ->capture_default_str();
  app.add_option("--contrast", change.contrast, "likewise")->capture_default_str();
  app.add_option("--saturation", change.saturation, "likewise")->capture_default_str();
  app.add_option("--cutout", change.cutout, "side of a square that is hidden, in pixels; 0: none")
      ->capture_default_str();
}

}  // namespace examples
