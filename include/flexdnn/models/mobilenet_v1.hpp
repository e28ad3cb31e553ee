// SPDX-License-Identifier: MIT
// mobilenet_v1: MobileNetV1 of any width and input, in the forms of Keras and of the MLPerf Tiny benchmark.
#pragma once

#include <array>
#include <ratio>
#include <string_view>

#include "../graph/named.hpp"
#include "../graph/network.hpp"
#include "../graph/repeat.hpp"
#include "../layers/batch_norm.hpp"
#include "../layers/conv2d.hpp"
#include "../layers/dense.hpp"
#include "../layers/depthwise_conv2d.hpp"
#include "../layers/flatten.hpp"
#include "../layers/global_average_pool.hpp"
#include "../layers/relu.hpp"
#include "../layers/relu6.hpp"

namespace flexdnn {

/// What implementations do differently. Keras applications: relu6, the classifier is a 1x1 convolution ...
struct keras_form {
  using activation = relu6;
  using convolution_bias = bias<false>;
  template <int Classes>
  using classifier = conv2d<Classes, kernel<1>>;
};

/// ... MLPerf Tiny's visual wake words: relu, convolutions with bias, a dense layer.
struct mlperf_form {
  using activation = relu;
  using convolution_bias = bias<true>;
  template <int Classes>
  using classifier = dense<Classes>;
};

/// act(bn(conv1x1(act(bn(depthwise3x3(x)))))), TensorFlow's SAME padding, epsilon 1e-3.
template <class Form, int Out, class Stride = stride<1>>
struct mobilenet_v1_block
    : sequence<named<"conv_dw",
                     depthwise_conv2d<kernel<3>, Stride, same_padding, typename Form::convolution_bias>>,
               named<"bn_dw", basic_batch_norm<std::milli>>, typename Form::activation,
               named<"conv_pw", conv2d<Out, kernel<1>, typename Form::convolution_bias>>,
               named<"bn_pw", basic_batch_norm<std::milli>>, typename Form::activation> {};

namespace detail {

template <class Form, class Alpha>
struct mobilenet_v1_parts {
  template <int Channels, class Stride = stride<1>>
  using block = mobilenet_v1_block<Form, static_cast<int>(Channels* Alpha::num / Alpha::den), Stride>;
  using stem = conv2d<static_cast<int>(32 * Alpha::num / Alpha::den), kernel<3>, stride<2>, same_padding,
                      typename Form::convolution_bias>;
};

template <class Form, class Alpha, int Extent, int Classes, class Parts = mobilenet_v1_parts<Form, Alpha>>
using mobilenet_v1_network = network<
    input<3, Extent, Extent>, named<"conv1", typename Parts::stem>,
    named<"bn1", basic_batch_norm<std::milli>>, typename Form::activation,
    named<"blocks", typename Parts::template block<64>, typename Parts::template block<128, stride<2>>,
          typename Parts::template block<128>, typename Parts::template block<256, stride<2>>,
          typename Parts::template block<256>, typename Parts::template block<512, stride<2>>,
          repeat<5, typename Parts::template block<512>>, typename Parts::template block<1024, stride<2>>,
          typename Parts::template block<1024>>,
    global_average_pool, named<"classifier", typename Form::template classifier<Classes>>>;

}  // namespace detail

/// Howard et al. 2017, table 1; every count of channels times Alpha. At alpha 1 and 224 pixels 568,740,352
/// MACs and 4,231,976 trained numbers. Files of Keras load with the format mobilenet_v1_keras.
template <class Alpha = std::ratio<1>, int Extent = 224, int Classes = 1000, class Form = keras_form>
struct mobilenet_v1 : detail::mobilenet_v1_network<Form, Alpha, Extent, Classes> {};

/// ImageNet at a quarter of the width: 41,030,272 MACs.
struct mobilenet_v1_025_224 : mobilenet_v1<std::ratio<1, 4>> {};

/// MLPerf Tiny's visual wake words: 7,489,664 MACs. Its weights load with the format mlperf_vww_keras.
struct mobilenet_v1_025_96 : mobilenet_v1<std::ratio<1, 4>, 96, 2, mlperf_form> {};

/// The frames of visual wake words (Chowdhery et al. 2019): is there a person in the picture?
struct visual_wake_words {
  static constexpr shape frame{3, 96, 96};
  static constexpr float unit = 255.0F;
  static constexpr std::array<float, 3> mean{}, deviation{1.0F, 1.0F, 1.0F};
  static constexpr std::array<std::string_view, 2> classes{"no person", "person"};
};

}  // namespace flexdnn
