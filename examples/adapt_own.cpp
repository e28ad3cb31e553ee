// SPDX-License-Identifier: MIT
// adapt_own: a backbone of one's own, trained from scratch and given early exits.
//
// usage: adapt_own TRAIN.bin HELD.bin FOLDER    CIFAR-10 binary files; FOLDER/my_exits.hpp and .safetensors
// are written
#include <cstdio>
#include <flexdnn/flexdnn.hpp>
#include <flexdnn/train.hpp>

using namespace flexdnn;

template <int Channels, class Stride = stride<1>>
using block = sequence<conv2d<Channels, kernel<3>, Stride, bias<false>>, batch_norm, relu>;

struct my_backbone : network<input<3, 32, 32>, block<16>, block<16>, block<32, stride<2>>, block<32>,
                             block<64, stride<2>>, block<64>, block<64>, global_average_pool, dense<10>> {};

/// Every step gives a status; the first that fails ends the program with its sentence.
static void require(const status& s) {
  if (s) return;
  std::fprintf(stderr, "adapt_own: %s\n", s.message());
  std::exit(1);
}

int main(int argc, char** argv) {
  if (argc != 4) return std::fprintf(stderr, "usage: adapt_own TRAIN.bin HELD.bin FOLDER\n"), 2;
  records images, held;
  require(load_records(argv[1], cifar10::frame, images));
  require(load_records(argv[2], cifar10::frame, held));

  weights<my_backbone> w;
  training course{.phases = {{.epochs = 10}}};
  trainer t(make_training_graph<my_backbone>(), w.values, frame_format::of<cifar10>(), course);
  t.initialise(trained_part::whole);
  require(t.run(images, [](const epoch_report& e) {
    std::fprintf(stderr, "epoch %d: %.1f %% right\n", e.epoch + 1, 100.0 * e.accuracy.back());
    return status{};
  }));

  const labelled_frames all(held, frame_format::of<cifar10>()), search = all.first(held.size() / 2),
                                                                calibration = all.last(held.size() / 2);
  adapter a(freeze(w), labelled_frames(images, frame_format::of<cifar10>()), search,
            {.joint = {.epochs = 5}},  // trunk and exits together at the end; {}: the trunk stays as it is
            [](const std::string& line) { std::fprintf(stderr, "%s\n", line.c_str()); });
  require(a.run());
  a.place();
  adapted_network net;
  const std::array rules{conformal_risk_control{0.005}, conformal_risk_control{0.01},
                         conformal_risk_control{0.02}};
  require(a.calibrated_network(calibration, {}, {exit_loss::accuracy_gap},
                               std::span<const conformal_risk_control>(rules), net));
  net.name = "my_exits", net.backbone = "my_backbone", net.header = "\"my_backbone.hpp\"",
  net.data = "using data = cifar10;";
  require(emit(argv[3], a.trunk(), net));
}
