// SPDX-License-Identifier: MIT
// imagenet: the bytes of every family, bit for bit the formula by which its networks were trained.
#include <flexdnn/models/imagenet.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <flexdnn/kernels/convert.hpp>
#include <flexdnn/models/mlperf_resnet8.hpp>
#include <vector>

using namespace flexdnn;

namespace {

/// 256 pixels R, G, B: each byte in each channel.
constexpr shape extent{3, 16, 16};

template <class Data>
std::vector<float> normalized(const std::vector<std::uint8_t>& pixels) {
  std::vector<float> out(extent.size());
  channel_order order = channel_order::kept;
  if constexpr (requires { Data::order; }) order = Data::order;
  normalize_interleaved(extent, pixels.data(), Data::mean, Data::deviation, out.data(), Data::unit, order);
  return out;
}

}  // namespace

TEST_CASE("every byte, in each channel") {
  std::vector<std::uint8_t> pixels(extent.size());
  for (std::size_t i = 0; i < 256; ++i) {
    for (std::size_t c = 0; c < 3; ++c) pixels[3 * i + c] = static_cast<std::uint8_t>(i + 85 * c);
  }
  const auto raw = normalized<cifar10_raw>(pixels), tensorflow = normalized<imagenet_tensorflow<>>(pixels),
             caffe = normalized<imagenet_caffe<>>(pixels), torch = normalized<imagenet<>>(pixels);
  constexpr float caffe_means[]{104.0F, 117.0F, 123.0F};  // B, G, R
  for (std::size_t i = 0; i < pixels.size(); ++i) {
    const auto x = static_cast<float>(pixels[i]), turned = static_cast<float>(pixels[i - i % 3 + 2 - i % 3]);
    CAPTURE(i);
    CHECK(raw[i] == x);
    CHECK(tensorflow[i] == x / 127.5F - 1.0F);
    CHECK(caffe[i] == turned - caffe_means[i % 3]);
    CHECK(torch[i] == (x / 255.0F - imagenet<>::mean[i % 3]) / imagenet<>::deviation[i % 3]);
  }
}

TEST_CASE("extents") {
  static_assert(imagenet<>::frame == shape{3, 224, 224} &&
                imagenet_tensorflow<192>::frame == shape{3, 192, 192});
  static_assert(imagenet_caffe<>::frame == shape{3, 227, 227});
}
