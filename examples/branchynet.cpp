// SPDX-License-Identifier: MIT
// branchynet: the comparator. A backbone, then the backbone with BranchyNet's hand-placed branches from its
// weights, all exits at once; thresholds screened; what the engine makes of them.
//
// Teerapittayanon, McDanel and Kung, "BranchyNet: Fast Inference via Early Exiting from Deep Neural
// Networks", ICPR 2016. Three sets of images, as for adapt: --train trains, --calibrate screens thresholds
// (all of it, where adapt searches on one half and calibrates on the other), --report takes no part. Learning
// rates fall by a cosine where the paper's stays, and images are shifted and, where that keeps the label,
// mirrored, as in all our trainings.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <flexdnn/calibrate/screen_thresholds.hpp>
#include <flexdnn/search/measure_costs.hpp>
#include <flexdnn/train.hpp>
#include <memory>
#include <optional>

#include "common/branchynets.hpp"
#include "common/course.hpp"
#include "common/image_set.hpp"
#include "common/operating_point.hpp"
#include "common/target.hpp"
#include "common/times_in_turn.hpp"

namespace {

using namespace flexdnn;
using examples::image_set;
using examples::require;

struct request {
  std::string network, weights, out;
  std::vector<std::string> train, calibrate, report;
  std::vector<double> losses{0.0, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.02, 0.05};
  std::vector<double> exit_weights;
  std::optional<int> backbone_epochs, epochs;
  std::optional<double> rate;
  std::uint64_t seed = 1;
  unsigned threads = 0;
  std::size_t timed = 2000;
  bool resume = false;
};

/// How a network is trained unless it is told otherwise: the backbone, then the whole from there.
struct recipe {
  optimiser::rule rule;
  double backbone_rate, rate;
  int backbone_epochs, epochs;
  int shift;  ///< pixels that an image is moved at most
};

/// What can be wrong of what was asked, images and weights apart.
void check(const request& r, std::size_t exits) {
  std::vector<std::string> read = r.train;
  read.insert(read.end(), r.calibrate.begin(), r.calibrate.end());
  read.insert(read.end(), r.report.begin(), r.report.end());
  for (std::size_t i = 0; i < read.size(); ++i) {
    for (std::size_t k = 0; k < i; ++k) {
      std::error_code ignored;
      if (!std::filesystem::equivalent(read[i], read[k], ignored)) continue;
      throw std::runtime_error(read[i] +
                               " is given twice: --train, --calibrate and --report share no images");
    }
  }
  if (!r.weights.empty()) read.push_back(r.weights);
  for (const char* const ending : {"_backbone.safetensors", "_backbone.checkpoint", "_backbone.csv",
                                   ".safetensors", ".checkpoint", ".csv", "_levels.csv"}) {
    examples::check_target(r.out + ending, read);
  }
  for (const char* const checkpoint : {"_backbone.checkpoint", ".checkpoint"}) {
    if (r.resume || !std::filesystem::exists(r.out + checkpoint)) continue;
    throw std::runtime_error(r.out + checkpoint +
                             " is there: --resume goes on from it, or remove it to begin anew");
  }
  if (r.rate && !(*r.rate > 0.0)) {
    throw std::runtime_error("the learning rate is " + examples::fixed(*r.rate, 6) + ", wanted above 0");
  }
  for (const double loss : r.losses) {
    if (loss >= 0.0 && loss < 1.0) continue;
    throw std::runtime_error("a loss is " + examples::fixed(loss, 4) + ", wanted from 0 to below 1");
  }
  if (!r.exit_weights.empty() && r.exit_weights.size() != exits) {
    throw std::runtime_error(std::to_string(r.exit_weights.size()) + " weights of exits, " + r.network +
                             " has " + std::to_string(exits) + " exits, the final one too");
  }
}

template <class Network>
class comparator {
  using backbone = typename Network::backbone;
  using data = typename Network::data;
  using policy = entropy_threshold<Network>;
  static constexpr auto exits = static_cast<std::size_t>(Network::exit_count);

 public:
  comparator(const request& r, const recipe& how) : request_(r), how_(how) {
    check(r, exits);
    if (!r.weights.empty()) require(read_weights(r.weights, trunk_));
    const auto read = [](const std::vector<std::string>& paths, const char* option) {
      image_set set =
          examples::load_images(paths, data::frame, static_cast<std::size_t>(lowered<Network>::classes));
      if (set.size() == 0) throw std::runtime_error(std::string(option) + " has no images");
      return set;
    };
    train_ = read(r.train, "--train"), calibrate_ = read(r.calibrate, "--calibrate");
    report_ = read(r.report, "--report");
  }

  /// The backbone alone, unless its weights were given; then all exits together from its weights, which the
  /// paper found better by several points than from random ones.
  void train() {
    training options{.rule = how_.rule, .seed = request_.seed, .threads = request_.threads};
    options.images.flip = data::mirrored, options.images.shift = how_.shift;
    const std::string joint = request_.out, alone = joint + "_backbone";
    if (request_.weights.empty()) {
      options.phases = {
          {trained_part::whole, request_.backbone_epochs.value_or(how_.backbone_epochs), how_.backbone_rate}};
      run_course(trunk_, options, trained_part::whole, alone, request_.resume);
    }
    std::copy(trunk_.values.begin(), trunk_.values.end(), weights_.values.begin());
    options.phases = {
        {trained_part::whole, request_.epochs.value_or(how_.epochs), request_.rate.value_or(how_.rate)}};
    options.loss.weights =
        request_.exit_weights.empty() ? examples::falling_weights(exits) : request_.exit_weights;
    const bool begun = std::filesystem::exists(joint + ".checkpoint");
    run_course(weights_, options, trained_part::exits, joint, request_.resume && begun);
    pack(std::span<const float, lowered<backbone>::parameters>(trunk_.values), *packed_trunk_);
    pack(std::span<const float, lowered<Network>::parameters>(weights_.values), *packed_);
  }

  void report() {
    const exit_trace calibration = trace(calibrate_.images), reported = trace(report_.images);
    const exit_costs macs = mac_costs<Network>();
    std::printf("%zu images trained, %zu screened thresholds, %zu took no part and are reported on.\n",
                train_.size(), calibrate_.size(), report_.size());
    const std::vector<bool> plain_right = backbone_right();
    const double plain = static_cast<double>(std::ranges::count(plain_right, true));
    std::printf("Right: the backbone, trained alone, %.2f %%",
                100.0 * plain / static_cast<double>(report_.size()));
    for (std::size_t e = 0; e < exits; ++e) {
      double right = 0.0;
      for (std::size_t i = 0; i < reported.frames(); ++i) right += reported.right(e, i) ? 1.0 : 0.0;
      std::printf("%s %s %.2f %%", e == 0 ? "; all exits together:" : ",",
                  std::string(lowered<Network>::exits[e].name).c_str(),
                  100.0 * right / static_cast<double>(reported.frames()));
    }
    std::printf(
        ".\nRisk: what leaving early may cost on the images that screened, against this final exit.\n\n");

    const std::vector<float> grid = examples::negated_entropies(lowered<Network>::classes);
    const auto screened = screen_thresholds(calibration, macs, grid, calibration.all());
    examples::row heading = examples::operating_heading;
    heading.emplace_back("T at each exit, nats");
    std::vector<examples::row> rows;
    for (const double loss : request_.losses) {
      const exit_thresholds& t = cheapest_within(loss, screened)->thresholds;  // the first loses nothing
      examples::operating_point point = examples::operate(reported, macs, t, loss, plain_right);
      point.seconds = time_share(reported, t);
      rows.push_back(cells_of(point));
      std::string nats;
      for (const float x : t)
        nats += (nats.empty() ? "" : " / ") +
                (x == never_leave ? "0" : examples::fixed(-static_cast<double>(x), 6));
      rows.back().push_back(nats);
    }
    std::printf("%s", examples::table_of(heading, rows).c_str());
    const std::string text = examples::csv_of(heading, rows);
    const std::array whole{std::as_bytes(std::span(text))};
    require(write_file(request_.out + "_levels.csv", whole));
  }

 private:
  /// Trains w and writes STEM.safetensors, STEM.checkpoint and a line of STEM.csv after each epoch.
  template <class Trained>
  void run_course(weights<Trained>& w, const training& options, trained_part drawn, const std::string& stem,
                  bool resume) {
    w.metadata = {{"source", "examples/branchynet " + request_.network}, {"recipe", options.recipe()}};
    trainer t(make_training_graph<Trained>(), w.values, frame_format::of<data>(), options);
    if (resume) {
      require(t.resume(stem + ".checkpoint"));
    } else {
      t.initialise(drawn);
      std::filesystem::remove(stem + ".csv");  // of a training that saved no checkpoint
    }
    examples::run_course(t, train_.images, [&](const epoch_report& report) {
      if (const status s = append_log(stem + ".csv", t.exits(), report); !s) return s;
      if (const status s = write_weights(stem + ".safetensors", w); !s) return s;
      return t.save(stem + ".checkpoint");
    });
  }

  [[nodiscard]] typename engine<Network>::frame frame(const records& images, std::size_t i) {
    normalize_planar(images.extent, images.pixels(i).data(), data::mean, data::deviation, frame_.data());
    return typename engine<Network>::frame(frame_);
  }

  /// Every exit of every image; confidences are entropies, negated.
  [[nodiscard]] exit_trace trace(const records& images) {
    const auto net = std::make_unique<engine<Network>>(*packed_);
    exit_trace all(exits);
    std::array<int, exits> labels{};
    std::array<float, exits> confidences{};
    for (std::size_t i = 0; i < images.size(); ++i) {
      (void)net->run(frame(images, i), [&](const evidence& e, verdict) {
        labels[static_cast<std::size_t>(e.exit)] = e.label;
        confidences[static_cast<std::size_t>(e.exit)] = -policy::entropy(e.logits);
      });
      all.add(labels, confidences, images.label(i));
    }
    return all;
  }

  /// Of the images reported on, whether the backbone that was trained alone is right.
  [[nodiscard]] std::vector<bool> backbone_right() {
    const auto net = std::make_unique<engine<backbone>>(*packed_trunk_);
    std::vector<bool> right;
    for (std::size_t i = 0; i < report_.size(); ++i) {
      right.push_back(net->run(frame(report_.images, i)).label == report_.images.label(i));
    }
    return right;
  }

  /// Of the engine that stops at exits, against the backbone's.
  [[nodiscard]] double time_share(const exit_trace& reported, const exit_thresholds& t) {
    std::array<float, exits - 1> nats;
    std::transform(t.begin(), t.end(), nats.begin(), [](float x) { return -x; });
    const auto adaptive = std::make_unique<engine<Network, policy>>(*packed_, thresholds(nats));
    const auto plain = std::make_unique<engine<backbone>>(*packed_trunk_);
    const std::size_t count = std::min(request_.timed, report_.size());
    const examples::turn_times times = examples::times_in_turn(
        *adaptive, *plain, count, [&](std::size_t i) { return frame(report_.images, i); },
        [&](std::size_t i) { return reported.exit_of(i, t); });
    return times.adaptive / times.plain;
  }

  const request& request_;
  recipe how_;
  image_set train_, calibrate_, report_;
  weights<backbone> trunk_;
  weights<Network> weights_;
  std::unique_ptr<packed<backbone>> packed_trunk_ = std::make_unique<packed<backbone>>();
  std::unique_ptr<packed<Network>> packed_ = std::make_unique<packed<Network>>();
  std::vector<float> frame_ = std::vector<float>(Network::frame.size());
};

template <class Network>
void compare(const request& r, const recipe& how) {
  comparator<Network> c(r, how);
  c.train();
  c.report();
}

}  // namespace

int main(int argc, char** argv) {
  request r;
  CLI::App app{"Trains a BranchyNet, screens its thresholds and reports what leaving early is worth.",
               "branchynet"};
  app.add_option("--network", r.network, "blenet of Fashion-MNIST, resnet20 of CIFAR-10, or gtsrb_resnet20")
      ->required();
  app.add_option("--train", r.train, "records, idx, GTSRB as distributed, or a folder of images a class")
      ->required();
  app.add_option("--calibrate", r.calibrate, "images that no training has seen, to screen thresholds on")
      ->required();
  app.add_option("--report", r.report, "images that take no part, to report on")->required();
  app.add_option(
         "--out", r.out,
         "STEM: STEM_backbone.safetensors, STEM.safetensors and STEM_levels.csv are written, checkpoints and "
         "logs beside them")
      ->required();
  app.add_option("--weights", r.weights,
                 "safetensors file of a trained backbone: it is not trained alone then")
      ->check(CLI::ExistingFile);
  app.add_option("--losses", r.losses, "accuracy that leaving early may cost on the images that screen");
  app.add_option("--exit-weights", r.exit_weights, "of the exits' losses; default: evenly from 1 to 0.3");
  app.add_option("--backbone-epochs", r.backbone_epochs, "of the backbone alone; default: 50, ResNets 30")
      ->check(CLI::Range(1, 1'000'000));
  app.add_option("--epochs", r.epochs, "of all exits together; default: 100, ResNets 30")
      ->check(CLI::Range(1, 1'000'000));
  app.add_option("--learning-rate", r.rate,
                 "of all exits together, at the start; default: 0.001 by Adam, ResNets 0.05 by SGD");
  app.add_option("--timed", r.timed, "images whose time is measured")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  app.add_flag("--resume", r.resume, "go on from the checkpoints");
  app.add_option("--seed", r.seed, "of everything random")->capture_default_str();
  app.add_option("--threads", r.threads, "0: one per core")->capture_default_str();
  return examples::run_program(app, argc, argv, [&] {
    // LeNet as published: Adam at 0.001, 50 epochs and 100. ResNets by SGD, which brings this backbone to 91
    // %; the paper's Adam brought one of depth 110 to 80.7.
    const recipe lenet{adam{}, 1e-3, 1e-3, 50, 100, 2};  // clothes fill their frames
    const recipe resnet{sgd{.momentum = 0.9, .nesterov = true, .weight_decay = 5e-4}, 0.1, 0.05, 30, 30, 4};
    if (r.network == "blenet") return compare<examples::b_lenet>(r, lenet);
    if (r.network == "resnet20") return compare<examples::b_resnet20<10, cifar10>>(r, resnet);
    if (r.network == "gtsrb_resnet20") return compare<examples::b_resnet20<43, gtsrb>>(r, resnet);
    throw std::runtime_error("unknown network " + r.network + ": blenet, resnet20 or gtsrb_resnet20");
  });
}
