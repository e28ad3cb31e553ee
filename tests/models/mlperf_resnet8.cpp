// SPDX-License-Identifier: MIT
// mlperf_resnet8: published cost, the benchmark's weights by their Keras names, PyTorch's logits with them.
#include <flexdnn/models/mlperf_resnet8.hpp>

#include <doctest/doctest.h>

#include <cstring>
#include <flexdnn/flexdnn.hpp>
#include <flexdnn/io.hpp>
#include <flexdnn/kernels/convert.hpp>
#include <flexdnn/models/weights_formats.hpp>
#include <memory>
#include <string>

#include "reference.hpp"
#include "slow_build.hpp"

using namespace flexdnn;

namespace {
const std::string root = FLEXDNN_SOURCE_DIR;
const std::string weights_path = root + "/weights/mlperf_resnet8.safetensors";
}  // namespace

TEST_CASE("multiply-accumulates and parameters, as published") {
  CHECK(lowered<mlperf_resnet8>::trunk_macs == 12'501'632);
  std::size_t trained = 0, all = 0;
  for (const named_parameter& p : parameters<mlperf_resnet8>()) {
    trained += p.buffer ? 0 : p.size;
    all += p.size;
  }
  CHECK(trained == 78'186);
  CHECK(all == 78'666);  // Keras counts running statistics too
}

TEST_CASE("the benchmark's file is for this network under its Keras names alone") {
  weights<mlperf_resnet8> w;
  const status s = read_weights(weights_path, w, mlperf_resnet8_keras);
  CHECK_MESSAGE(s, s.message());
  const status refused = read_weights(weights_path, w);
  CHECK(refused.code() == code::missing_tensor);
}

TEST_CASE("logits on the DAVIS crops are PyTorch's; labels the same with and without Winograd") {
  const auto values = std::make_unique<packed<mlperf_resnet8>>();
  const auto exact_values = std::make_unique<packed<mlperf_resnet8, exact_target>>();
  REQUIRE(load(weights_path, *values, mlperf_resnet8_keras));
  REQUIRE(load(weights_path, *exact_values, mlperf_resnet8_keras));
  records crops;
  REQUIRE(load_records(root + "/examples/data/davis4_dev.bin", cifar10_raw::frame, crops));
  std::vector<std::byte> bytes;
  REQUIRE(read_file(root + "/tests/models/golden/mlperf_resnet8_davis.safetensors", bytes));
  safetensors_view file;
  REQUIRE(safetensors_view::parse(bytes, file));
  const tensor_entry* wanted = file.find("logits");
  REQUIRE(wanted != nullptr);
  REQUIRE(wanted->shape == std::vector<std::uint64_t>{crops.size(), 10});
  const auto net = std::make_unique<engine<mlperf_resnet8>>(*values);
  const auto exact_net = std::make_unique<engine<mlperf_resnet8, always_last, exact_target>>(*exact_values);
  std::array<float, cifar10_raw::frame.size()> frame{};
  std::array<float, 10> logits{};
  for (std::size_t i = 0; i < crops.size(); i += slow_build ? 9 : 1) {
    normalize_planar(cifar10_raw::frame, crops.pixels(i).data(), cifar10_raw::mean, cifar10_raw::deviation,
                     frame.data(), cifar10_raw::unit);
    CHECK(net->run(frame).label == exact_net->run(frame).label);
    std::memcpy(logits.data(), wanted->data.data() + i * sizeof logits, sizeof logits);
    CHECK(reference::relative_l2(net->logits(), logits) < 1e-5);
    CHECK(reference::relative_l2(exact_net->logits(), logits) < 1e-5);
  }
}
