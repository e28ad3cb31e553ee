// SPDX-License-Identifier: MIT
// adapt: a plain backbone and labelled images become an adaptive network: a header and a weights file.
//
// Three sets of images: --train trains branches; --calibrate is cut, by clip, into a search set, which
// decides on branches, exits and the path of thresholds, and a calibration set, which says how far on that
// path is safe;
// --report, if given, takes no part and says what came out.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <flexdnn/models.hpp>
#include <flexdnn/search/adapt.hpp>
#include <flexdnn/search/emit.hpp>
#include <set>

#include "common/failure.hpp"
#include "common/image_set.hpp"
#include "common/target.hpp"

namespace {

using namespace flexdnn;
using examples::image_set;
using examples::require;

struct request {
  std::string backbone, weights, out;
  std::vector<std::string> train, calibrate, report;
  double loss = 0.005, delta = 0.1;
  std::string rule = "conformal";
  adaptation options;
  unsigned threads = 0;
};

/// Images of the even and of the odd clips, so that no clip is in both.
struct halves {
  std::vector<std::uint32_t> first, second;

  explicit halves(const image_set& images) {
    std::set<int> seen;
    for (std::size_t i = 0; i < images.size(); ++i) seen.insert(images.clips[i]);
    std::vector<int> order(seen.begin(), seen.end());
    random_generator random(1, 77);
    random.shuffle(std::span(order));
    const std::set<int> early(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(order.size() / 2));
    for (std::size_t i = 0; i < images.size(); ++i) {
      (early.contains(images.clips[i]) ? first : second).push_back(static_cast<std::uint32_t>(i));
    }
  }
};

[[nodiscard]] frame_set all_of(const exit_trace& trace) {
  frame_set all(trace.frames());
  std::iota(all.begin(), all.end(), std::size_t{0});
  return all;
}

/// Whether frames of a clip are several: then the clip is what is calibrated.
[[nodiscard]] exit_unit unit_of(const image_set& images) {
  const std::set<int> clips(images.clips.begin(), images.clips.end());
  return clips.size() < images.size() ? exit_unit::clip : exit_unit::frame;
}

template <class Backbone, class Data>
void adapt(const request& r, const char* spelled, const char* data) {
  const std::size_t classes = static_cast<std::size_t>(lowered<Backbone>::classes);
  const image_set train = examples::load_images(r.train, Data::frame, classes);
  const image_set held = examples::load_images(r.calibrate, Data::frame, classes);
  const halves cut(held);
  weights<Backbone> trunk;
  require(read_weights(r.weights, trunk));
  using frames = labelled_frames<Data>;
  const frames search(held.images, cut.first), calibration(held.images, cut.second);
  const auto tell = [](const std::string& line) { std::fprintf(stderr, "%s\n", line.c_str()); };
  adapter<Backbone, Data> a(trunk, frames(train.images), search, r.options, tell, r.threads);
  require(a.start());
  require(a.prune());
  require(a.finish());

  auto& candidates = a.candidates();
  using trainer = candidate_trainer<Backbone, Data>;
  const exit_choice choice = a.place(trainer::macs(candidates));
  std::vector<exit_candidate> kept;
  adapted_network net{
      .name = std::filesystem::path(r.out).filename().string(), .backbone = spelled, .data = data};
  for (const std::size_t e : choice.kept) {
    kept.push_back(candidates[e]);
    net.exits.push_back(
        {candidates[e].cut, "after_" + std::to_string(candidates[e].cut), candidates[e].branch});
  }
  std::vector<pareto_point> path = choice.path;
  for (pareto_point& p : path) std::erase(p.thresholds, no_exit);

  const exit_trace trace = a.engine().trace(kept, calibration, held.clips);
  const exit_risk risk{r.options.limit.loss, unit_of(held)};
  const exit_costs costs = trainer::macs(kept);
  for (const double alpha : {0.5 * r.loss, r.loss, 2.0 * r.loss, 4.0 * r.loss, 10.0 * r.loss}) {
    calibrated c;
    require(r.rule == "conformal"
                ? calibrate(trace, path, all_of(trace), conformal_risk_control{alpha}, risk, c)
                : calibrate(trace, path, all_of(trace), learn_then_test{alpha, r.delta}, risk, c));
    net.levels.push_back({alpha, c.thresholds});
  }
  const std::string folder = std::filesystem::path(r.out).parent_path().string();
  net.provenance = {"Thresholds by " + r.rule + " calibration on " + std::to_string(trace.frames()) +
                    " images."};
  require(emit(folder.empty() ? "." : folder, trunk, net));

  std::printf("| exit | cut point | branch, %% of MACs | branch |\n| --- | --- | --- | --- |\n");
  for (std::size_t e = 0; e < kept.size(); ++e) {
    std::printf("| %s | %d | %.2f | %s |\n", net.exits[e].name.c_str(), kept[e].cut,
                100.0 * costs.branch[e] / costs.backbone(), kept[e].branch.design.spelled().c_str());
  }
  if (r.report.empty()) return;
  const image_set last = examples::load_images(r.report, Data::frame, classes);
  const exit_trace reported = a.engine().trace(kept, frames(last.images), last.clips);
  std::printf(
      "\n| risk | accuracy | against the backbone | MACs | left at each exit, %% |\n| --- | --- | --- | --- "
      "| --- |\n");
  for (const adapted_level& l : net.levels) {
    const exit_outcome o = apply(reported, costs, l.thresholds, all_of(reported));
    const exit_outcome whole =
        apply(reported, costs, exit_thresholds(kept.size(), no_exit), all_of(reported));
    std::printf("| %.2f %% | %.2f %% | %+.2f | %.1f %% |", 100.0 * l.risk, 100.0 * o.accuracy,
                100.0 * (o.accuracy - whole.accuracy), 100.0 * o.cost / costs.backbone());
    for (const double share : o.left_at) std::printf(" %.1f", 100.0 * share);
    std::printf(" |\n");
  }
}

}  // namespace

int main(int argc, char** argv) {
  request r;
  CLI::App app{"Gives a plain backbone early exits: trains, prunes, places and calibrates them.", "adapt"};
  app.add_option("--backbone", r.backbone, "resnet20, resnet32 or resnet56")->required();
  app.add_option("--weights", r.weights, "safetensors file of the backbone")
      ->required()
      ->check(CLI::ExistingFile);
  app.add_option("--train", r.train, "images that train branches")->required();
  app.add_option("--calibrate", r.calibrate,
                 "images that no training has seen: half to search, half to calibrate")
      ->required();
  app.add_option("--report", r.report, "images that take no part, to report on");
  app.add_option("--out", r.out, "NAME: NAME.hpp and NAME.safetensors are written")->required();
  app.add_option("--loss", r.loss, "accuracy that leaving early may cost, as a share of frames")
      ->capture_default_str();
  app.add_option("--rule", r.rule, "conformal or learn_then_test")
      ->check(CLI::IsMember({"conformal", "learn_then_test"}))
      ->capture_default_str();
  app.add_option("--delta", r.delta, "of learn_then_test: how often it may fail")->capture_default_str();
  app.add_option("--cuts", r.options.cuts, "cut points to try; default: all");
  app.add_option("--epochs", r.options.training.epochs, "of the branches that remain")->capture_default_str();
  app.add_option("--first-epochs", r.options.first_epochs, "before anything is removed")
      ->capture_default_str();
  app.add_option("--rounds", r.options.rounds, "removals tried of each branch")->capture_default_str();
  app.add_option("--round-epochs", r.options.round_epochs, "training of each")->capture_default_str();
  app.add_option("--search-images", r.options.images, "training images of these epochs")
      ->capture_default_str();
  app.add_option("--seed", r.options.training.seed, "of everything random")->capture_default_str();
  app.add_option("--threads", r.threads, "0: one per core")->capture_default_str();
  return examples::run_program(app, argc, argv, [&] {
    r.options.limit.most = r.loss;
    if (r.backbone == "resnet20")
      return adapt<resnet_cifar<20>, cifar10>(r, "resnet_cifar<20>", "using data = cifar10;");
    if (r.backbone == "resnet32")
      return adapt<resnet_cifar<32>, cifar10>(r, "resnet_cifar<32>", "using data = cifar10;");
    if (r.backbone == "resnet56")
      return adapt<resnet_cifar<56>, cifar10>(r, "resnet_cifar<56>", "using data = cifar10;");
    throw std::runtime_error("unknown backbone " + r.backbone + ": resnet20, resnet32 or resnet56");
  });
}
