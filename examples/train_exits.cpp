// SPDX-License-Identifier: MIT
// train_exits: trains the exit branches of a CIFAR-10 ResNet on the frozen, published backbone.
//
// The backbone's weights come from a safetensors file with PyTorch's names; the result holds them unchanged,
// and the branches' beside them. Every epoch is saved: stop whenever you like. Several processes may share
// the work, as in train.cpp.
#include <CLI/CLI.hpp>
#include <flexdnn/train.hpp>

#include "../weights/cifar10_resnet20_exits.hpp"
#include "../weights/cifar10_resnet56_exits.hpp"
#include "common/course.hpp"
#include "common/image_set.hpp"
#include "common/target.hpp"

namespace {

using namespace flexdnn;

struct request {
  std::string model, backbone, out;
  std::vector<std::string> images;
  training options;
};

template <class Network>
void train(const request& r, communicator& processes) {
  weights<typename Network::backbone> trunk;
  records images;
  examples::on_all(processes, [&] {
    std::vector<std::string> inputs = r.images;
    inputs.push_back(r.backbone);
    examples::check_target(r.out, inputs);
    examples::require(read_weights(r.backbone, trunk));
    images = examples::load_images(r.images, Network::data::frame,
                                   static_cast<std::size_t>(lowered<Network>::classes))
                 .images;
  });

  // The trunk comes first, at the same offsets: adding exits moves nothing.
  weights<Network> w;
  std::copy(trunk.values.begin(), trunk.values.end(), w.values.begin());
  w.metadata = trunk.metadata;
  trainer t(make_training_graph<Network>(), w.values, frame_format::of<typename Network::data>(), r.options,
            processes);
  t.initialise(trained_part::exits);
  examples::run_course(t, images, [&](const epoch_report&) { return write_weights(r.out, w); });
}

}  // namespace

int main(int argc, char** argv) {
  const auto processes = examples::join_processes();
  request r;
  training_phase phase{trained_part::exits, 20, 2e-3};
  adam rule{.weight_decay = 1e-2};
  CLI::App app{"Trains exit branches on a frozen CIFAR-10 backbone.", "train_exits"};
  app.add_option("--model", r.model, "the network: cifar10_resnet20_exits or cifar10_resnet56_exits")
      ->required();
  app.add_option("--backbone", r.backbone, "safetensors file of the plain backbone")->required();
  app.add_option("--images", r.images, "CIFAR-10 binary files to train on")->required();
  app.add_option("--out", r.out, "safetensors file to write")->required();
  app.add_option("--epochs", phase.epochs, "passes over the images")->capture_default_str();
  app.add_option("--batch", r.options.batch, "images a step")->capture_default_str();
  app.add_option("--learning-rate", phase.learning_rate, "Adam's, at the start")->capture_default_str();
  app.add_option("--weight-decay", rule.weight_decay, "decoupled")->capture_default_str();
  app.add_option("--label-smoothing", r.options.loss.label_smoothing, "share of the target")
      ->capture_default_str();
  app.add_option("--seed", r.options.seed, "of everything random")->capture_default_str();
  app.add_option("--threads", r.options.threads, "of a process; 0: its share of the cores")
      ->capture_default_str();
  const auto body = [&] {
    r.options.phases = {phase};
    r.options.rule = rule;
    if (r.model == "cifar10_resnet20_exits") return train<cifar10_resnet20_exits>(r, *processes);
    if (r.model == "cifar10_resnet56_exits") return train<cifar10_resnet56_exits>(r, *processes);
    throw examples::shared_failure("unknown model " + r.model +
                                   ": cifar10_resnet20_exits or cifar10_resnet56_exits");
  };
  return examples::run_program(app, argc, argv, body, *processes);
}
