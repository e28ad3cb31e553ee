// SPDX-License-Identifier: MIT
// Convolutions by themselves, with bias and without activation.
#include "workload.hpp"
#include "workloads.hpp"

namespace flexdnn::bench {

namespace {

template <int Channels, int Extent>
workload same(std::string_view name) {
  return layer_row<conv2d<Channels, kernel<3>>, Channels, Extent>(name);
}

template <int Channels, int Extent>
workload halving(std::string_view name) {
  return layer_row<conv2d<Channels, kernel<3>, stride<2>>, Channels, Extent>(name);
}

template <int Channels, int Extent>
workload depthwise(std::string_view name) {
  return layer_row<depthwise_conv2d<kernel<3>>, Channels, Extent>(name);
}

}  // namespace

std::vector<workload> layers() {
  return {same<16, 32>("conv3x3_16_32"),
          same<32, 16>("conv3x3_32_16"),
          same<64, 8>("conv3x3_64_8"),
          same<64, 56>("conv3x3_64_56"),
          same<128, 28>("conv3x3_128_28"),
          same<256, 14>("conv3x3_256_14"),
          same<512, 7>("conv3x3_512_7"),
          layer_row<conv2d<64>, 256, 56>("conv1x1_256_64_56"),
          layer_row<conv2d<128>, 512, 28>("conv1x1_512_128_28"),
          layer_row<conv2d<256>, 1024, 14>("conv1x1_1024_256_14"),
          depthwise<128, 56>("depthwise3x3_128_56"),
          depthwise<512, 14>("depthwise3x3_512_14"),
          halving<128, 56>("conv3x3s2_128_56"),
          halving<256, 28>("conv3x3s2_256_28"),
          layer_row<conv2d<64, kernel<7>, stride<2>>, 3, 224>("conv7x7s2_3_64_224")};
}

}  // namespace flexdnn::bench
