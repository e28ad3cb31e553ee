// SPDX-License-Identifier: MIT
// depthwise: channel counts around vectors, rows around blocks of four pixels, borders wider than the map.
#include <doctest/doctest.h>

#include <random>

#include "example.hpp"

namespace {

using namespace convolution_test;

TEST_CASE("depthwise agrees for every channel count up to two panels and a bit") {
  std::mt19937 random(1);
  for (int channels = 1; channels <= 2 * tile_of<native>.panel() + 1; ++channels) {
    const example e({.in = {channels, 4, 9},
                     .out = {channels, 4, 9},
                     .kernel_h = 3,
                     .kernel_w = 3,
                     .padding_h = 1,
                     .padding_w = 1,
                     .groups = channels},
                    random);
    check<leaky>(e, static_cast<residual>(channels % 3), random);
  }
}

TEST_CASE("depthwise agrees for every width, stride, padding and dilation of a row") {
  std::mt19937 random(2);
  const int channels = tile_of<native>.panel() + 1;
  for (int width = 1; width <= 13; ++width) {
    for (int stride = 1; stride <= 3; ++stride) {
      for (int padding = 0; padding <= 6; ++padding) {
        for (int dilation = 1; dilation <= 2; ++dilation) {
          const int room = width + 2 * padding - 2 * dilation - 1;
          if (room < 0) continue;
          const example e({.in = {channels, 1, width},
                           .out = {channels, 1, room / stride + 1},
                           .kernel_w = 3,
                           .stride_w = stride,
                           .padding_w = padding,
                           .dilation_w = dilation,
                           .groups = channels},
                          random);
          check<identity>(e, residual::apart, random);
        }
      }
    }
  }
}

}  // namespace
