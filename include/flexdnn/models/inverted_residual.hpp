// SPDX-License-Identifier: MIT
// inverted_residual: the block of MobileNetV2, wide inside and narrow at its ends.
#pragma once

#include <type_traits>

#include "../graph/named.hpp"
#include "../graph/residual.hpp"
#include "../layers/batch_norm.hpp"
#include "../layers/conv2d.hpp"
#include "../layers/depthwise_conv2d.hpp"
#include "../layers/relu6.hpp"

namespace flexdnn {

namespace detail {

template <class Stride>
using depthwise3x3 = sequence<depthwise_conv2d<kernel<3>, Stride, bias<false>>, batch_norm, relu6>;

template <int In, int Out, int Expansion, class Stride>
struct inverted_body {
  using type = named<"conv", sequence<conv2d<Expansion * In, bias<false>>, batch_norm, relu6>,
                     depthwise3x3<Stride>, conv2d<Out, bias<false>>, batch_norm>;
};

template <int In, int Out, class Stride>
struct inverted_body<In, Out, 1, Stride> {
  using type = named<"conv", depthwise3x3<Stride>, conv2d<Out, bias<false>>, batch_norm>;
};

template <int In, int Out, int Expansion, class Stride>
using inverted = std::conditional_t<In == Out && std::is_same_v<Stride, stride<1>>,
                                    residual<typename inverted_body<In, Out, Expansion, Stride>::type>,
                                    sequence<typename inverted_body<In, Out, Expansion, Stride>::type>>;

}  // namespace detail

/// bn(conv1x1(relu6(bn(depthwise3x3(relu6(bn(conv1x1(x)))))))), Expansion * In channels inside, none of the
/// first convolution where Expansion is 1; plus x where the shape stays. Sandler et al. 2018, figure 4.
/// Names are torchvision's: conv.0.0, conv.0.1, conv.1.0, ...
template <int In, int Out, int Expansion, class Stride = stride<1>>
struct inverted_residual : detail::inverted<In, Out, Expansion, Stride> {};

}  // namespace flexdnn
