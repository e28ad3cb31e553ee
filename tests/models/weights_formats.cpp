// SPDX-License-Identifier: MIT
// weights_formats: with each format, the tensors of its network have the names and shapes of the published
// file.
#include <flexdnn/models/weights_formats.hpp>

#include <flexdnn/models/mlperf_resnet8.hpp>
#include <flexdnn/models/mobilenet_v1.hpp>
#include <flexdnn/models/squeezenet.hpp>

#include "torchvision.hpp"

using namespace flexdnn;

namespace {

/// FNV-1a of the sorted lines "name [shape]" of all tensors, by their names in the file.
template <class Network>
std::string digest(const weights_format& format) {
  std::vector<std::string> lines;
  for (const named_parameter& p : parameters<Network>()) {
    lines.push_back(file_name_of(p.name, format.names) + ' ' + text_of(p.extents) + '\n');
  }
  std::ranges::sort(lines);
  std::string joined;
  for (const std::string& line : lines) joined += line;
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(torchvision::fnv1a(joined)));
  return text;
}

/// Name in the file of the parameter that we name so.
template <class Network>
std::string told(const std::string& ours, const weights_format& format) {
  const auto all = parameters<Network>();
  REQUIRE(std::ranges::count(all, ours, &named_parameter::name) == 1);
  return file_name_of(ours, format.names);
}

}  // namespace

TEST_CASE("names and shapes are those of the published files") {
  CHECK(digest<mlperf_resnet8>(mlperf_resnet8_keras) == "2b3feba8d17ac750");
  CHECK(digest<mobilenet_v1_025_96>(mlperf_vww_keras) == "9e55ce6f6adeb591");
  CHECK(digest<mobilenet_v1_025_224>(mobilenet_v1_keras) == "6cecf88f4b948e1b");
  CHECK(digest<squeezenet<>>(squeezenet_caffe) == "fcbe5ba49800061c");
}

// A digest does not see two layers of one shape that changed places.
TEST_CASE("each name is the right one among its like") {
  using vww = mobilenet_v1_025_96;
  CHECK(told<vww>("blocks.0.conv_dw.weight", mlperf_vww_keras) == "depthwise_conv2d/depthwise_kernel");
  CHECK(told<vww>("blocks.0.bn_dw.weight", mlperf_vww_keras) == "batch_normalization_1/gamma");
  CHECK(told<vww>("blocks.0.bn_pw.running_var", mlperf_vww_keras) == "batch_normalization_2/moving_variance");
  CHECK(told<vww>("blocks.7.conv_dw.bias", mlperf_vww_keras) == "depthwise_conv2d_7/bias");
  CHECK(told<vww>("blocks.7.conv_pw.weight", mlperf_vww_keras) == "conv2d_8/kernel");
  CHECK(told<vww>("blocks.12.bn_pw.bias", mlperf_vww_keras) == "batch_normalization_26/beta");

  using imagenet_net = mobilenet_v1_025_224;
  CHECK(told<imagenet_net>("blocks.8.bn_pw.running_mean", mobilenet_v1_keras) == "conv_pw_9_bn/moving_mean");
  CHECK(told<imagenet_net>("blocks.6.conv_dw.weight", mobilenet_v1_keras) == "conv_dw_7/depthwise_kernel");

  for (int i = 0; i < 8; ++i) {
    constexpr int ours[]{3, 4, 6, 7, 9, 10, 11, 12};
    const std::string block = "features." + std::to_string(ours[i]), fire = "fire" + std::to_string(i + 2);
    CHECK(told<squeezenet<>>(block + ".squeeze.bias", squeezenet_caffe) == fire + "/squeeze1x1.bias");
    CHECK(told<squeezenet<>>(block + ".expand1x1.weight", squeezenet_caffe) == fire + "/expand1x1.weight");
    CHECK(told<squeezenet<>>(block + ".expand3x3.weight", squeezenet_caffe) == fire + "/expand3x3.weight");
  }
}
