// SPDX-License-Identifier: MIT
// embed: the weights of a known model as constants of a program that has no file system: C++ or an object.
//
// For a network of your own, write what run() does: read_weights, then embed with the network's type and
// header.
#include <flexdnn/io.hpp>

#include "../weights/cifar10_resnet20_exits.hpp"
#include "../weights/cifar10_resnet56_exits.hpp"
#include "common/failure.hpp"

namespace {

using namespace flexdnn;
using examples::require;

struct request {
  std::string model, weights, target = "native", form = "object";
  embedding files;
};

/// Machines by the channels of their kernels' panels and whether there are Winograd kernels, which is all
/// that packed weights depend on.
struct machine {
  std::string_view name;
  int panel;
  bool winograd = true;
};
constexpr machine machines[] = {{"native", native_target::panel.panel(), native_target::panel.winograd},
                                {"scalar", tile_of<scalar>.panel(), false},
                                {"sse2", 8},
                                {"neon", 8},
                                {"avx2", 16},
                                {"avx512", 32}};

template <class Network>
void run(const request& r) {
  weights<Network> w;
  require(read_weights(r.weights, w));
  const machine& m = *std::ranges::find(machines, r.target, &machine::name);
  switch (m.panel) {
    case 8:
      if (m.winograd) return require(embed<layout_target<8, true>>(w, r.files));
      return require(embed<layout_target<8, false>>(w, r.files));
    case 16:
      return require(embed<layout_target<16>>(w, r.files));
    case 32:
      return require(embed<layout_target<32>>(w, r.files));
    default:
      throw std::runtime_error("no model is packed here for the panels of " + r.target);
  }
}

/// A network that this program knows, and how a program that includes its header names it.
struct entry {
  std::string_view name, network, header;
  void (*run)(const request&);
};
constexpr entry models[] = {
    {"cifar10_resnet20_exits", "flexdnn::cifar10_resnet20_exits", "cifar10_resnet20_exits.hpp",
     &run<cifar10_resnet20_exits>},
    {"cifar10_resnet56_exits", "flexdnn::cifar10_resnet56_exits", "cifar10_resnet56_exits.hpp",
     &run<cifar10_resnet56_exits>},
};

}  // namespace

int main(int argc, char** argv) {
  request r;
  std::vector<std::string> known, targets;
  for (const entry& m : models) known.emplace_back(m.name);
  for (const machine& m : machines) targets.emplace_back(m.name);
  CLI::App app{"Writes a model's weights as constants for a program without a file system.", "embed"};
  app.add_option("--model", r.model, "the network")->required()->check(CLI::IsMember(known));
  app.add_option("--weights", r.weights, "safetensors file; default: weights/MODEL.safetensors");
  app.add_option("--name", r.files.name, "name of the constant and of its files; default: MODEL_weights");
  app.add_option("--folder", r.files.folder, "where NAME.hpp and so on are written")->capture_default_str();
  app.add_option("--for", r.target, "machine whose kernels read the weights; native: this program's own")
      ->capture_default_str()
      ->check(CLI::IsMember(targets));
  app.add_option("--form", r.form,
                 "object: NAME.S and NAME.bin, by .incbin; source: NAME.cpp, for small networks")
      ->capture_default_str()
      ->check(CLI::IsMember({"object", "source"}));
  return examples::run_program(app, argc, argv, [&] {
    const entry& m = *std::ranges::find(models, r.model, &entry::name);
    if (r.weights.empty()) r.weights = FLEXDNN_SOURCE_DIR "/weights/" + r.model + ".safetensors";
    if (r.files.name.empty()) r.files.name = r.model + "_weights";
    r.files.network = m.network;
    r.files.header = m.header;
    r.files.form = r.form == "source" ? embedded_form::source : embedded_form::object;
    m.run(r);
  });
}
