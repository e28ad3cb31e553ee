// SPDX-License-Identifier: MIT
// mobilenet_v2: inverted residuals for phones (Sandler et al. 2018).
#pragma once

#include <ratio>

#include "../graph/network.hpp"
#include "../graph/repeat.hpp"
#include "../layers/dense.hpp"
#include "../layers/dropout.hpp"
#include "../layers/global_average_pool.hpp"
#include "inverted_residual.hpp"

namespace flexdnn {

namespace detail {

template <class Width>
struct mobilenet_v2_layers {
  /// Channels times the width, to the next multiple of 8 that loses at most a tenth: the authors' rule.
  static consteval int scaled(int channels) {
    const auto wide = static_cast<int>(channels * Width::num);
    constexpr auto den = static_cast<int>(Width::den);
    const int nearest = (wide + 4 * den) / (8 * den) * 8;
    const int rounded = nearest < 8 ? 8 : nearest;
    return 10 * rounded * den < 9 * wide ? rounded + 8 : rounded;
  }
  static constexpr int last = Width::num > Width::den ? scaled(1280) : 1280;

  template <int Out, class... Options>
  using conv = sequence<conv2d<Out, Options..., bias<false>>, batch_norm, relu6>;
  template <int In, int Out, class Stride, int Expansion = 6>
  using first = inverted_residual<scaled(In), scaled(Out), Expansion, Stride>;
  template <int Count, int Channels>
  using rest = repeat<Count, inverted_residual<scaled(Channels), scaled(Channels), 6>>;

  using features = named<"features", conv<scaled(32), kernel<3>, stride<2>>, first<32, 16, stride<1>, 1>,
                         first<16, 24, stride<2>>, rest<1, 24>, first<24, 32, stride<2>>, rest<2, 32>,
                         first<32, 64, stride<2>>, rest<3, 64>, first<64, 96, stride<1>>, rest<2, 96>,
                         first<96, 160, stride<2>>, rest<2, 160>, first<160, 320, stride<1>>, conv<last>>;
};

}  // namespace detail

/// A 3x3 convolution, 17 inverted residuals, a 1x1 convolution, average pooling, one dense layer. At 224
/// pixels 300.8 MMACs and 3.50 M parameters; other widths: std::ratio<1, 2>, ... Names are torchvision's.
template <int Classes = 1000, int Extent = 224, class Width = std::ratio<1>>
struct mobilenet_v2 : network<input<3, Extent, Extent>, typename detail::mobilenet_v2_layers<Width>::features,
                              global_average_pool, named<"classifier", dropout<>, dense<Classes>>> {};

}  // namespace flexdnn
