// SPDX-License-Identifier: MIT
// train: trains a network from scratch, alone or with early exits, and goes on where it was stopped.
//
// After each epoch NAME.safetensors has the weights with PyTorch's names, NAME.checkpoint all that --resume
// needs, and NAME.csv a line more: stop whenever you like. Built with MPI it also runs as several processes,
//   mpirun -n 2 --bind-to none train ... --threads 4
// which share every mini-batch and come to the same weights, bit for bit, as one.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <flexdnn/train.hpp>

#include "../weights/cifar10_resnet20_exits.hpp"
#include "../weights/cifar10_resnet56_exits.hpp"
#include "common/augmentation_options.hpp"
#include "common/backbones.hpp"
#include "common/course.hpp"
#include "common/gtsrb_resnet20_joint.hpp"
#include "common/image_set.hpp"
#include "common/target.hpp"

namespace {

using namespace flexdnn;
using examples::require_agreed;

struct request {
  std::string backbone, out;
  std::vector<std::string> images;
  bool resume = false;
  training options;
};

template <class Network, class Data = cifar10>
void train(request r, communicator& processes) {
  r.options.images.flip = Data::mirrored;
  weights<Network> w;
  w.metadata = {{"source", "examples/train " + r.backbone}, {"recipe", r.options.recipe()}};
  trainer t(make_training_graph<Network>(), w.values, frame_format::of<Data>(), r.options, processes);
  require_agreed(t.check_options());
  t.initialise(trained_part::whole);
  const std::string stem = std::filesystem::path(r.out).replace_extension().string();
  if (r.resume) require_agreed(t.resume(stem + ".checkpoint"));
  const auto save = [&](const epoch_report& report) {
    if (const status s = append_log(stem + ".csv", t.exits(), report); !s) return s;
    if (const status s = write_weights(r.out, w); !s) return s;
    return t.save(stem + ".checkpoint");
  };
  records images;
  examples::on_all(processes, [&] {
    images = examples::load_images(r.images, Data::frame, static_cast<std::size_t>(lowered<Network>::classes))
                 .images;
    // Of a training before this one.
    if (!r.resume && processes.rank() == 0) std::filesystem::remove(stem + ".csv");
  });
  examples::run_course(t, images, save);
}

[[nodiscard]] std::string known_networks() {
  return examples::backbone_names() +
         ", resnet32, and with exits cifar10_resnet20_exits, cifar10_resnet56_exits, gtsrb_resnet20_joint";
}

}  // namespace

int main(int argc, char** argv) {
  const auto processes = examples::join_processes();
  request r;
  int epochs = 100, trunk_epochs = 0;
  double rate = 0.1;
  sgd rule{.momentum = 0.9, .nesterov = true, .weight_decay = 5e-4};
  CLI::App app{"Trains a network from scratch, with its exits where it has some.", "train"};
  app.add_option("--backbone", r.backbone, "one of " + known_networks())->required();
  app.add_option("--train", r.images, "records, idx, GTSRB as distributed, or a folder of images a class")
      ->required();
  app.add_option("--out", r.out, "safetensors file to write; its checkpoint and log stand beside it")
      ->required();
  app.add_option("--epochs", epochs, "passes over the images")->capture_default_str();
  app.add_option("--trunk-epochs", trunk_epochs, "as many before them that train the trunk alone")
      ->capture_default_str();
  app.add_flag("--resume", r.resume, "go on from the checkpoint");
  app.add_option("--batch", r.options.batch, "images a step")->capture_default_str();
  app.add_option("--learning-rate", rate, "at the start of each part, down to 0 by a cosine")
      ->capture_default_str();
  app.add_option("--weight-decay", rule.weight_decay, "of SGD with Nesterov momentum 0.9")
      ->capture_default_str();
  app.add_option("--label-smoothing", r.options.loss.label_smoothing, "share of the target")
      ->capture_default_str();
  app.add_option("--distillation", r.options.loss.distillation, "share of the final exit's teaching")
      ->capture_default_str();
  app.add_option("--clip", r.options.clip, "largest norm of the gradient, 0: any")->capture_default_str();
  examples::add_augmentation(app, r.options.images);
  app.add_option("--seed", r.options.seed, "of everything random")->capture_default_str();
  app.add_option("--threads", r.options.threads, "of a process; 0: its share of the cores")
      ->capture_default_str();
  const auto body = [&] {
    examples::on_all(*processes, [&] { examples::check_target(r.out, r.images); });
    r.options.rule = rule;
    r.options.phases = {{trained_part::trunk, trunk_epochs, rate}, {trained_part::whole, epochs, rate}};
    const auto known = [&]<class Backbone, class Data>(const examples::known_backbone<Backbone, Data>&) {
      train<Backbone, Data>(r, *processes);
    };
    if (examples::with_backbone(r.backbone, known)) return;
    if (r.backbone == "resnet32") return train<resnet_cifar<32>>(r, *processes);
    if (r.backbone == "cifar10_resnet20_exits") return train<cifar10_resnet20_exits>(r, *processes);
    if (r.backbone == "cifar10_resnet56_exits") return train<cifar10_resnet56_exits>(r, *processes);
    if (r.backbone == "gtsrb_resnet20_joint") {
      return train<examples::gtsrb_resnet20_joint, gtsrb>(r, *processes);
    }
    throw examples::shared_failure("unknown backbone " + r.backbone + "; known are " + known_networks());
  };
  return examples::run_program(app, argc, argv, body, *processes);
}
