// SPDX-License-Identifier: MIT
// weights_formats: the names that published weights files have for our models' tensors, all in one place.
#pragma once

#include "../core/weights_format.hpp"

namespace flexdnn {

namespace keras {

inline constexpr name_ending convolution[]{{".weight", "/kernel"}, {".bias", "/bias"}};
inline constexpr name_ending depthwise[]{{".weight", "/depthwise_kernel"}, {".bias", "/bias"}};
inline constexpr name_ending norm[]{{".weight", "/gamma"},
                                    {".bias", "/beta"},
                                    {".running_mean", "/moving_mean"},
                                    {".running_var", "/moving_variance"}};

// Keras counts layers of a kind as they are made; a block's shortcut is made after its two convolutions.
inline constexpr name_rule mlperf_resnet8[]{
    {"conv1", "conv2d", convolution},
    {"bn1", "batch_normalization", norm},
    {"layer1.conv1", "conv2d_1", convolution},
    {"layer1.conv2", "conv2d_2", convolution},
    {"layer2.conv1", "conv2d_3", convolution},
    {"layer2.conv2", "conv2d_4", convolution},
    {"layer2.shortcut", "conv2d_5", convolution},
    {"layer3.conv1", "conv2d_6", convolution},
    {"layer3.conv2", "conv2d_7", convolution},
    {"layer3.shortcut", "conv2d_8", convolution},
    {"layer1.bn1", "batch_normalization_1", norm},
    {"layer1.bn2", "batch_normalization_2", norm},
    {"layer2.bn1", "batch_normalization_3", norm},
    {"layer2.bn2", "batch_normalization_4", norm},
    {"layer3.bn1", "batch_normalization_5", norm},
    {"layer3.bn2", "batch_normalization_6", norm},
    {"linear", "dense", convolution},
};

inline constexpr name_rule mobilenet_v1[]{
    {"conv1", "conv1", convolution},
    {"bn1", "conv1_bn", norm},
    {"blocks.#.conv_dw", "conv_dw_#", depthwise, {.shift = 1}},
    {"blocks.#.bn_dw", "conv_dw_#_bn", norm, {.shift = 1}},
    {"blocks.#.conv_pw", "conv_pw_#", convolution, {.shift = 1}},
    {"blocks.#.bn_pw", "conv_pw_#_bn", norm, {.shift = 1}},
    {"classifier", "conv_preds", convolution},
};

inline constexpr name_rule mlperf_vww[]{
    {"conv1", "conv2d", convolution},
    {"bn1", "batch_normalization", norm},
    {"blocks.#.conv_dw", "depthwise_conv2d[_#]", depthwise},
    {"blocks.#.bn_dw", "batch_normalization_#", norm, {.scale = 2, .shift = 1}},
    {"blocks.#.conv_pw", "conv2d_#", convolution, {.shift = 1}},
    {"blocks.#.bn_pw", "batch_normalization_#", norm, {.scale = 2, .shift = 2}},
    {"classifier", "dense", convolution},
};

}  // namespace keras

namespace caffe {

inline constexpr name_ending fire[]{
    {".squeeze.weight", "/squeeze1x1.weight"},  {".squeeze.bias", "/squeeze1x1.bias"},
    {".expand1x1.weight", "/expand1x1.weight"}, {".expand1x1.bias", "/expand1x1.bias"},
    {".expand3x3.weight", "/expand3x3.weight"}, {".expand3x3.bias", "/expand3x3.bias"},
};

// torchvision counts the pools between them too.
inline constexpr name_rule squeezenet1_1[]{
    {"features.0", "conv1"},
    {"features.#", "fire#", fire, {.shift = -1, .first = 3, .last = 4}},
    {"features.#", "fire#", fire, {.shift = -2, .first = 6, .last = 7}},
    {"features.#", "fire#", fire, {.shift = -3, .first = 9, .last = 12}},
    {"classifier.1", "conv10"},
};

}  // namespace caffe

/// MLPerf Tiny's pretrainedResnet.h5, for mlperf_resnet8.
inline constexpr weights_format mlperf_resnet8_keras{keras::mlperf_resnet8};
/// Keras applications' MobileNet, for mobilenet_v1.
inline constexpr weights_format mobilenet_v1_keras{keras::mobilenet_v1};
/// MLPerf Tiny's vww_96.h5, for mobilenet_v1_025_96.
inline constexpr weights_format mlperf_vww_keras{keras::mlperf_vww};
/// SqueezeNet 1.1 with the layer names of its Caffe model, for torchvision's composition.
inline constexpr weights_format squeezenet_caffe{caffe::squeezenet1_1};

}  // namespace flexdnn
