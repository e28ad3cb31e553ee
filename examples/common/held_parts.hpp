// SPDX-License-Identifier: MIT
// held_parts: images that no training has seen, cut into those to search on and those that calibrate.
#pragma once

#include <cstdint>
#include <flexdnn/calibrate/loss_table.hpp>
#include <flexdnn/train/random_generator.hpp>
#include <set>
#include <span>
#include <vector>

#include "image_set.hpp"

namespace examples {

/// A share of the clips to search on, the others to calibrate, by lot: no clip is in both. Where frames of a
/// clip are several, the clip is what is calibrated.
struct held_parts {
  std::vector<std::uint32_t> search, calibration;  ///< numbers of images
  flexdnn::exit_unit unit = flexdnn::exit_unit::frame;
  std::size_t searched = 0, calibrated = 0;  ///< units of each set

  held_parts(const image_set& images, double search_share) {
    const std::set<int> clips(images.clips.begin(), images.clips.end());
    std::vector<int> order(clips.begin(), clips.end());
    flexdnn::random_generator random(1, 77);
    random.shuffle(std::span(order));
    searched = static_cast<std::size_t>(search_share * static_cast<double>(order.size()));
    calibrated = order.size() - searched;
    const std::set<int> early(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(searched));
    for (std::size_t i = 0; i < images.size(); ++i) {
      (early.contains(images.clips[i]) ? search : calibration).push_back(static_cast<std::uint32_t>(i));
    }
    if (order.size() < images.size()) unit = flexdnn::exit_unit::clip;
  }
};

}  // namespace examples
