// SPDX-License-Identifier: MIT
// parity: compares a CIFAR ResNet's logits with PyTorch's, image by image.
//
// The golden file is a safetensors file with one F32 tensor "logits" {images, 10}, saved from PyTorch for the
// same weights and the same records.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <flexdnn/flexdnn.hpp>
#include <flexdnn/io.hpp>
#include <flexdnn/kernels/convert.hpp>
#include <memory>
#include <stdexcept>

#include "common/failure.hpp"

namespace {

using namespace flexdnn;
using examples::require;

struct request {
  std::string model, weights, images, golden;
  bool exact = false;
};

template <int Depth>
struct resnet : resnet_cifar<Depth> {};

template <class Network, class Target>
void compare(const request& r) {
  constexpr auto classes = static_cast<std::size_t>(lowered<Network>::classes);
  const auto values = std::make_unique<packed<Network, Target>>();
  require(load(r.weights, *values));
  records images;
  require(load_records(r.images, Network::frame, images));
  std::vector<std::byte> bytes;
  require(read_file(r.golden, bytes));
  safetensors_view file;
  require(safetensors_view::parse(bytes, file));
  const tensor_entry* const golden = file.find("logits");
  if (golden == nullptr || golden->type != dtype::f32 ||
      golden->shape != std::vector<std::uint64_t>{images.size(), classes}) {
    throw std::runtime_error(r.golden + ": wanted F32 logits of " + std::to_string(images.size()) +
                             " images");
  }

  const auto net = std::make_unique<engine<Network, always_last, Target>>(*values);
  std::vector<float> frame(Network::frame.size()), wanted(classes);
  double worst = 0.0, sum = 0.0;
  std::size_t right = 0, same_label = 0;
  for (std::size_t i = 0; i < images.size(); ++i) {
    normalize_planar(images.extent, images.pixels(i).data(), cifar10::mean, cifar10::deviation, frame.data());
    const auto a = net->run(std::span<const float, Network::frame.size()>(frame));
    std::memcpy(wanted.data(), golden->data.data() + i * classes * sizeof(float), classes * sizeof(float));
    double difference = 0.0, norm = 0.0;
    for (std::size_t c = 0; c < classes; ++c) {
      const double w = static_cast<double>(wanted[c]), g = static_cast<double>(net->logits()[c]);
      difference += (g - w) * (g - w);
      norm += w * w;
    }
    const double relative = std::sqrt(difference / norm);
    worst = std::max(worst, relative);
    sum += relative;
    const auto label = static_cast<std::size_t>(a.label);
    right += label == images.label(i) ? 1U : 0U;
    same_label +=
        static_cast<std::ptrdiff_t>(label) == std::ranges::max_element(wanted) - wanted.begin() ? 1U : 0U;
  }
  const double n = static_cast<double>(images.size());
  std::printf(
      "%s: %zu images, relative L2 of the logits: worst %.2e, mean %.2e; same label %.2f %%; accuracy %.2f "
      "%%\n",
      r.model.c_str(), images.size(), worst, sum / n, 100.0 * static_cast<double>(same_label) / n,
      100.0 * static_cast<double>(right) / n);
  if (!(worst < 1e-4)) throw std::runtime_error("logits differ from the golden ones by more than 1e-4");
}

template <class Network>
void compare(const request& r) {
  return r.exact ? compare<Network, exact_target>(r) : compare<Network, native_target>(r);
}

}  // namespace

int main(int argc, char** argv) {
  request r;
  CLI::App app{"Compares a CIFAR ResNet's logits with PyTorch's.", "parity"};
  app.add_option("--model", r.model, "resnet20 or resnet56")->required();
  app.add_option("--weights", r.weights, "safetensors file of the backbone")->required();
  app.add_option("--images", r.images, "CIFAR-10 binary file")->required();
  app.add_option("--golden", r.golden, "safetensors file with PyTorch's logits")->required();
  app.add_flag("--exact", r.exact, "without Winograd: products in the order of the definition");
  return examples::run_program(app, argc, argv, [&] {
    if (r.model == "resnet20") return compare<resnet<20>>(r);
    if (r.model == "resnet56") return compare<resnet<56>>(r);
    throw std::runtime_error("unknown model " + r.model + ": resnet20 or resnet56");
  });
}
