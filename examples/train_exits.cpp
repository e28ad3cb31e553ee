// SPDX-License-Identifier: MIT
// train_exits: trains the exit branches of a CIFAR-10 ResNet on the frozen, published backbone.
//
// The backbone's weights come from a safetensors file with PyTorch's names; the result holds them unchanged,
// and the branches' beside them. Every epoch is saved: stop whenever you like.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <flexdnn/train.hpp>

#include "../weights/cifar10_resnet20_exits.hpp"
#include "../weights/cifar10_resnet56_exits.hpp"
#include "common/failure.hpp"
#include "common/target.hpp"

namespace {

using namespace flexdnn;
using examples::require;

struct request {
  std::string model, backbone, out;
  std::vector<std::string> images;
  exit_training training;
};

template <class Network>
void train(const request& r) {
  std::vector<std::string> inputs = r.images;
  inputs.push_back(r.backbone);
  examples::check_target(r.out, inputs);
  records all{Network::data::frame, {}};
  for (const std::string& file : r.images) {
    records part;
    require(load_records(file, Network::data::frame, part));
    all.bytes.insert(all.bytes.end(), part.bytes.begin(), part.bytes.end());
  }
  weights<typename Network::backbone> trunk;
  require(read_weights(r.backbone, trunk));

  // The trunk comes first, at the same offsets: adding exits moves nothing.
  weights<Network> w;
  std::copy(trunk.values.begin(), trunk.values.end(), w.values.begin());
  w.metadata = trunk.metadata;
  exit_trainer<Network, typename Network::data> trainer(w, r.training);
  trainer.initialise();
  require(trainer.run(
      all,
      [&](const epoch_report& report) {
        std::fprintf(stderr, "epoch %d", report.epoch + 1);
        for (std::size_t e = 0; e < report.loss.size(); ++e) {
          std::fprintf(stderr, "  %zu: loss %.4f, %.2f %%", e, report.loss[e], 100.0 * report.accuracy[e]);
        }
        std::fputc('\n', stderr);
        return write_weights(r.out, w);
      },
      progress_style::automatic));
}

}  // namespace

int main(int argc, char** argv) {
  request r;
  CLI::App app{"Trains exit branches on a frozen CIFAR-10 backbone.", "train_exits"};
  app.add_option("--model", r.model, "the network: cifar10_resnet20_exits or cifar10_resnet56_exits")
      ->required();
  app.add_option("--backbone", r.backbone, "safetensors file of the plain backbone")->required();
  app.add_option("--images", r.images, "CIFAR-10 binary files to train on")->required();
  app.add_option("--out", r.out, "safetensors file to write")->required();
  app.add_option("--epochs", r.training.epochs, "passes over the images")->capture_default_str();
  app.add_option("--batch", r.training.batch, "images a step")->capture_default_str();
  app.add_option("--learning-rate", r.training.learning_rate, "Adam's, at the start")->capture_default_str();
  app.add_option("--weight-decay", r.training.weight_decay, "decoupled")->capture_default_str();
  app.add_option("--label-smoothing", r.training.label_smoothing, "share of the target")
      ->capture_default_str();
  app.add_option("--seed", r.training.seed, "of everything random")->capture_default_str();
  app.add_option("--threads", r.training.threads, "0: one per core")->capture_default_str();
  return examples::run_program(app, argc, argv, [&] {
    if (r.model == "cifar10_resnet20_exits") return train<cifar10_resnet20_exits>(r);
    if (r.model == "cifar10_resnet56_exits") return train<cifar10_resnet56_exits>(r);
    throw std::runtime_error("unknown model " + r.model +
                             ": cifar10_resnet20_exits or cifar10_resnet56_exits");
  });
}
