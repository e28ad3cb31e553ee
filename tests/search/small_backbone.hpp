// SPDX-License-Identifier: MIT
// small_backbone: a backbone to adapt, and images that it can tell apart.
#pragma once

#include <flexdnn/flexdnn.hpp>
#include <flexdnn/io/records.hpp>
#include <flexdnn/models.hpp>
#include <flexdnn/search/labelled_frames.hpp>
#include <flexdnn/train/random_generator.hpp>

namespace search_test {

using namespace flexdnn;

struct small_data {
  static constexpr shape frame{3, 8, 8};
  static constexpr std::array<float, 3> mean{0.5F, 0.5F, 0.5F};
  static constexpr std::array<float, 3> deviation{0.25F, 0.25F, 0.25F};
};

struct small_backbone
    : network<input<3, 8, 8>, conv2d<8, kernel<3>>, batch_norm, relu, repeat<2, basic_block<8>>,
              conv2d<16, kernel<3>, stride<2>>, relu, conv2d<16, kernel<3>>, relu, conv2d<16, kernel<3>>,
              relu, global_average_pool, dense<3>> {};

/// Class c is the image whose channel c is brighter: any trunk of random filters tells them apart.
inline records bright_channel(std::size_t count, std::uint64_t seed) {
  records data{small_data::frame, {}};
  random_generator random(seed);
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t label = random.below(3);
    data.bytes.push_back(static_cast<std::uint8_t>(label));
    for (std::uint32_t c = 0; c < 3; ++c) {
      for (int p = 0; p < 64; ++p) {
        data.bytes.push_back(static_cast<std::uint8_t>(random.below(200) + (c == label ? 40 : 0)));
      }
    }
  }
  return data;
}

/// All of these images, as the backbone takes them. They are borrowed.
inline labelled_frames frames_of(const records& images) { return {images, frame_format::of<small_data>()}; }

}  // namespace search_test
