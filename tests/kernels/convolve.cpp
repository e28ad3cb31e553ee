// SPDX-License-Identifier: MIT
// convolve: every architecture against the double-precision reference, over random shapes and options.
#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <random>
#include <vector>

#include "example.hpp"

namespace {

using namespace convolution_test;

convolution square(int kernel, int channels, int outputs, int size) {
  return {.in = {channels, size, size},
          .out = {outputs, size, size},
          .kernel_h = kernel,
          .kernel_w = kernel,
          .padding_h = kernel / 2,
          .padding_w = kernel / 2};
}

TEST_CASE("convolve agrees with the reference over random shapes and options") {
  std::mt19937 random(1);
  for (int i = 0; i < 400; ++i) {
    const example e(reference::random_convolution(random), random);
    const auto mode = static_cast<residual>(i % 3);
    i % 2 == 0 ? check<identity>(e, mode, random) : check<leaky>(e, mode, random);
  }
}

TEST_CASE("convolve agrees where a map takes several bands") {
  std::mt19937 random(2);
  for (const convolution& c : {square(3, 48, 20, 24), square(5, 24, 17, 33), square(1, 130, 9, 20)}) {
    CHECK(band_rows(c) < c.out.height);
    const example e(c, random);
    check<leaky>(e, residual::in_place, random);
  }
}

TEST_CASE("convolve agrees where the next band is asked for") {
  std::mt19937 random(7);
  const example e({.in = {64, 41, 41}, .out = {20, 41, 41}}, random);
  CHECK((e.c.in.size() > 100'000 && band_rows(e.c) < e.c.out.height));
  check<leaky>(e, residual::apart, random);
}

TEST_CASE("a dense layer is a convolution of one pixel") {
  std::mt19937 random(3);
  for (const int inputs : {1, 3, 4, 5, 63, 64, 65, 130}) {
    for (const int outputs : {1, 2, 10, 15, 16, 17, 33, 100}) {
      const example e({.in = {inputs, 1, 1}, .out = {outputs, 1, 1}}, random);
      check<identity>(e, residual::none, random);
    }
  }
}

TEST_CASE("every number of pixels from 1 to two register tiles") {
  std::mt19937 random(4);
  for (int width = 1; width <= 2 * tile_of<native>.pixels; ++width) {
    const example e({.in = {5, 1, width}, .out = {tile_of<native>.panel() + 1, 1, width}}, random);
    check<leaky>(e, residual::apart, random);
  }
}

TEST_CASE("runs of blocks: every number of pixels between two multiples, part panels, long rows of windows") {
  std::mt19937 random(6);
  const int least = 15 * tile_of<native>.pixels, panel = tile_of<native>.panel();
  for (int width = least; width <= least + 2 * tile_of<native>.pixels; ++width) {
    for (const int outputs : {panel, panel + panel / 2, 2 * panel - 1}) {
      const example e({.in = {7, 1, width}, .out = {outputs, 1, width}}, random);
      check<leaky>(e, static_cast<residual>(width % 3), random);
    }
  }
  for (const int stride : {1, 2}) {
    convolution c = square(3, 3, panel + panel / 2, 0);
    c.stride_h = c.stride_w = stride;
    c.out.height = 3, c.out.width = least + 1;
    c.in.height = stride * 3, c.in.width = stride * c.out.width;
    check<leaky>(example(c, random), residual::apart, random);
  }
}

TEST_CASE("a NaN in the input reaches exactly the outputs that read it, through the activation") {
  std::mt19937 random(5);
  for (const int groups : {1, 20}) {
    convolution c = square(3, 20, 20, 9);
    c.groups = groups;
    example e(c, random);
    e.in[reference::at(c.in, 7, 4, 4)] = quiet_nan;
    const std::vector<double> wanted = e.wanted<identity>(residual::none);
    for (const auto& y :
         {e.got<leaky>(residual::none, scalar{}, random), e.got<leaky>(residual::none, native{}, random)}) {
      for (std::size_t i = 0; i < y.size(); ++i) CHECK(std::isnan(y[i]) == std::isnan(wanted[i]));
    }
  }
}

TEST_CASE("windows that reach past the end of the input, further than padding before it goes") {
  std::mt19937 random(6);
  for (int i = 0; i < 200; ++i) {
    convolution c = reference::random_convolution(random);
    c.out.height += static_cast<int>(random() % 3);  // the same first windows, then more
    c.out.width += static_cast<int>(random() % 3);
    check<leaky>(example(c, random), static_cast<residual>(i % 3), random);
  }
}

TEST_CASE("with a pitch the output is some channels of a wider map, and the others stay") {
  std::mt19937 random(7);
  for (int i = 0; i < 200; ++i) {
    const example e(reference::random_convolution(random), random);
    const std::vector<double> wanted = e.wanted<leaky>(residual::none);
    const int before = static_cast<int>(random() % 9), after = static_cast<int>(random() % 9);
    convolution c = e.c;
    c.pitch = before + c.out.channels + after;
    const auto run = [&](auto architecture) {
      std::vector<float> packed(packed_size(c, tile_of<decltype(architecture)>));
      pack(c, tile_of<decltype(architecture)>, e.weight.data(), e.bias.data(), nullptr, nullptr,
           packed.data());
      std::vector<float> scratch(scratch_size(c));
      guarded out(static_cast<std::size_t>(c.pitch * c.out.pixels()), quiet_nan, random);
      convolve<leaky>(c, e.in.data(), packed.data(), nullptr, out.data() + before, scratch.data(),
                      architecture);
      std::vector<float> slice;
      bool others = out.edges_intact();
      for (std::size_t at = 0; at < out.size(); ++at) {
        const int channel = static_cast<int>(at) % c.pitch - before;
        if (channel >= 0 && channel < c.out.channels) {
          slice.push_back(out[at]);
        } else {
          others = others && std::isnan(out[at]);
        }
      }
      CHECK(others);
      CHECK(reference::relative_l2(slice, wanted) < 1e-5);
    };
    run(scalar{});
    run(native{});
  }
}

}  // namespace
