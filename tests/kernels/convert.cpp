// SPDX-License-Identifier: MIT
// convert: bytes to normalised floats, bit for bit the formula, from both byte orders.
#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <flexdnn/kernels/convert.hpp>
#include <random>
#include <vector>

#include "../reference.hpp"
#include "guarded.hpp"

TEST_CASE("normalize divides by 255, subtracts the mean and divides by the deviation, for every byte") {
  std::mt19937 random(1);
  for (const flexdnn::shape s : {flexdnn::shape{3, 16, 16}, {1, 1, 256}, {4, 8, 32}, {3, 5, 7}}) {
    std::vector<std::uint8_t> planar(s.size());
    std::vector<std::uint8_t> interleaved(s.size());
    std::vector<float> wanted(s.size());
    std::vector<float> mean, deviation;
    for (int c = 0; c < s.channels; ++c) {
      mean.push_back(0.4f + 0.03f * static_cast<float>(c));
      deviation.push_back(0.2f + 0.01f * static_cast<float>(c));
    }
    for (int c = 0; c < s.channels; ++c) {
      for (int p = 0; p < s.pixels(); ++p) {
        const auto byte = static_cast<std::uint8_t>((p * 7 + c * 91) % 256);
        const auto channel = static_cast<std::size_t>(c);
        const auto at = static_cast<std::size_t>(p * s.channels + c);
        planar[static_cast<std::size_t>(c * s.pixels() + p)] = byte;
        interleaved[at] = byte;
        wanted[at] = (static_cast<float>(byte) / 255.0f - mean[channel]) / deviation[channel];
      }
    }
    guarded from_planar(s.size(), 9.0f, random);
    guarded from_interleaved(s.size(), 9.0f, random);
    flexdnn::normalize_planar(s, planar.data(), mean, deviation, from_planar.data());
    flexdnn::normalize_interleaved(s, interleaved.data(), mean, deviation, from_interleaved.data());
    CHECK(from_planar.holds(wanted));
    CHECK(from_interleaved.holds(wanted));
    CHECK((from_planar.edges_intact() && from_interleaved.edges_intact()));
  }
}

TEST_CASE("another unit than 255, and channels the other way round") {
  constexpr flexdnn::shape s{4, 3, 5};
  const std::vector<float> mean{1.0F, 20.0F, 3.0F, 0.0F}, deviation{1.0F, 2.0F, 4.0F, 3.0F};
  std::vector<std::uint8_t> planar(s.size()), interleaved(s.size());
  std::vector<float> wanted(s.size()), reversed(s.size());
  for (int c = 0; c < s.channels; ++c) {
    for (int p = 0; p < s.pixels(); ++p) {
      const auto byte = static_cast<std::uint8_t>((p * 31 + c * 57) % 256);
      const auto channel = static_cast<std::size_t>(c), last = mean.size() - 1;
      const auto pixel = static_cast<std::size_t>(p * s.channels);
      planar[static_cast<std::size_t>(c * s.pixels() + p)] = interleaved[pixel + channel] = byte;
      const float share = static_cast<float>(byte) / 2.0F;
      wanted[pixel + channel] = (share - mean[channel]) / deviation[channel];
      reversed[pixel + last - channel] = (share - mean[last - channel]) / deviation[last - channel];
    }
  }
  std::vector<float> out(s.size());
  flexdnn::normalize_planar(s, planar.data(), mean, deviation, out.data(), 2.0F);
  CHECK(out == wanted);
  flexdnn::normalize_planar(s, planar.data(), mean, deviation, out.data(), 2.0F,
                            flexdnn::channel_order::reversed);
  CHECK(out == reversed);
  flexdnn::normalize_interleaved(s, interleaved.data(), mean, deviation, out.data(), 2.0F);
  CHECK(out == wanted);
  flexdnn::normalize_interleaved(s, interleaved.data(), mean, deviation, out.data(), 2.0F,
                                 flexdnn::channel_order::reversed);
  CHECK(out == reversed);
}
