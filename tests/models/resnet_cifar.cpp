// SPDX-License-Identifier: MIT
// resnet_cifar: published cost and size at every depth, and PyTorch's logits on the DAVIS crops.
#include <flexdnn/models/resnet_cifar.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <flexdnn/flexdnn.hpp>
#include <flexdnn/io.hpp>
#include <flexdnn/kernels/convert.hpp>
#include <flexdnn/models/gtsrb.hpp>
#include <memory>
#include <string>

#include "../../weights/cifar10_resnet20_exits.hpp"
#include "../../weights/cifar10_resnet56_exits.hpp"
#include "../../weights/cifar10_resnet56_mixed.hpp"
#include "reference.hpp"
#include "slow_build.hpp"

using namespace flexdnn;

namespace {

/// Numbers that training adjusts: running statistics are none.
template <class Network>
std::size_t trained() {
  std::size_t count = 0;
  for (const named_parameter& p : parameters<Network>()) count += p.buffer ? 0 : p.size;
  return count;
}

/// Multiply-accumulates with n blocks a stage: stem, 2n convolutions at 16 x 32 x 32, then twice one that
/// halves and 2n - 1 more, the dense layer, and two projections where there are some.
constexpr std::uint64_t macs(std::uint64_t n, std::uint64_t projections) {
  constexpr std::uint64_t full = 16 * 16 * 9 * 1024;
  return 3 * 16 * 9 * 1024 + 2 * n * full + 2 * (full / 2 + (2 * n - 1) * full) + 640 + projections * 131'072;
}

/// All 189 crops take 62 GFLOP, five minutes under an emulator, nine under the sanitizers.
constexpr std::size_t crop_step = slow_build ? 63 : 1;

/// Logits of the trunk of Network against those that PyTorch gives for each crop.
template <class Network>
void equals_pytorch(const std::string& weights_stem, const std::string& golden) {
  const std::string source_dir = FLEXDNN_SOURCE_DIR;
  const auto net = std::make_unique<packed<Network>>();
  const status loaded = load(source_dir + "/weights/" + weights_stem + ".safetensors", *net);
  REQUIRE_MESSAGE(loaded, loaded.message());
  records crops;
  REQUIRE(load_records(source_dir + "/examples/data/davis4_dev.bin", cifar10::frame, crops));
  std::vector<std::byte> bytes;
  REQUIRE(read_file(source_dir + "/tests/data/" + golden + ".safetensors", bytes));
  safetensors_view file;
  REQUIRE(safetensors_view::parse(bytes, file));
  const tensor_entry* wanted = file.find("logits");
  REQUIRE(wanted != nullptr);
  REQUIRE(wanted->shape == std::vector<std::uint64_t>{crops.size(), 10});
  std::vector<float> logits(crops.size() * 10), got;
  std::memcpy(logits.data(), wanted->data.data(), wanted->data.size());
  const auto backbone = std::make_unique<engine<Network>>(*net);
  std::array<float, cifar10::frame.size()> frame{};
  for (std::size_t i = 0; i < crops.size(); i += crop_step) {
    normalize_planar(cifar10::frame, crops.pixels(i).data(), cifar10::mean, cifar10::deviation, frame.data());
    backbone->run(frame);
    const std::vector<float> of_frame(backbone->logits().begin(), backbone->logits().end());
    const std::vector<float> golden_of_frame(logits.begin() + static_cast<std::ptrdiff_t>(10 * i),
                                             logits.begin() + static_cast<std::ptrdiff_t>(10 * i + 10));
    CHECK(reference::relative_l2(of_frame, golden_of_frame) < 1e-5);
  }
}

}  // namespace

TEST_CASE("parameters and multiply-accumulates with option A, as published") {
  CHECK(lowered<resnet_cifar<20>>::trunk_macs == 40'551'040);
  CHECK(lowered<resnet_cifar<56>>::trunk_macs == 125'485'696);
  CHECK(lowered<resnet_cifar<20>>::trunk_macs == macs(3, 0));
  CHECK(lowered<resnet_cifar<32>>::trunk_macs == macs(5, 0));
  CHECK(lowered<resnet_cifar<44>>::trunk_macs == macs(7, 0));
  CHECK(lowered<resnet_cifar<56>>::trunk_macs == macs(9, 0));
  CHECK(lowered<resnet_cifar<110>>::trunk_macs == macs(18, 0));
  CHECK(trained<resnet_cifar<20>>() == 269'722);     // 0.27 M in He et al. 2016, table 6
  CHECK(trained<resnet_cifar<32>>() == 464'154);     // 0.46 M
  CHECK(trained<resnet_cifar<44>>() == 658'586);     // 0.66 M
  CHECK(trained<resnet_cifar<56>>() == 853'018);     // 0.85 M
  CHECK(trained<resnet_cifar<110>>() == 1'727'962);  // 1.7 M
}

TEST_CASE("with projections") {
  CHECK(lowered<resnet_cifar<20, 10, projection>>::trunk_macs == 40'813'184);
  CHECK(lowered<resnet_cifar<56, 10, projection>>::trunk_macs == 125'747'840);
  CHECK(lowered<resnet_cifar<20, 10, projection>>::trunk_macs == macs(3, 2));
  // A projection has 16 x 32 or 32 x 64 weights and a batch norm.
  CHECK(trained<resnet_cifar<20, 10, projection>>() == 269'722 + 16 * 32 + 2 * 32 + 32 * 64 + 2 * 64);
}

TEST_CASE("names are PyTorch's, through repeats, and classes are free") {
  const auto all = parameters<resnet_cifar<20, 100, projection>>();
  std::vector<std::string> names;
  for (const named_parameter& p : all) names.push_back(p.name);
  for (const char* name :
       {"conv1.weight", "bn1.running_var", "layer1.2.bn2.bias", "layer2.0.shortcut.0.weight",
        "layer2.0.shortcut.1.running_mean", "layer3.1.conv2.weight", "linear.bias"}) {
    CAPTURE(name);
    CHECK(std::ranges::count(names, name) == 1);
  }
  CHECK(all.back().extents == std::vector<std::uint64_t>{100});
}

TEST_CASE("logits on the DAVIS crops are PyTorch's") {
  equals_pytorch<cifar10_resnet20_exits>("cifar10_resnet20_exits", "davis_resnet20_logits");
  equals_pytorch<cifar10_resnet56_exits>("cifar10_resnet56_exits", "davis_resnet56_logits");
  equals_pytorch<cifar10_resnet56_mixed>("cifar10_resnet56_mixed", "davis_resnet56_mixed_logits");
}

TEST_CASE("a ResNet for traffic signs has fewer than 0.3 million parameters") {
  using signs = resnet_cifar<20, 43>;
  CHECK(signs::frame == gtsrb::frame);
  CHECK(lowered<signs>::classes == 43);
  CHECK(trained<signs>() < 300'000);
}
