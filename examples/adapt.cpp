// SPDX-License-Identifier: MIT
// adapt: a plain backbone and labelled images become an adaptive network: a header and a weights file.
//
// Three sets of images: --train trains branches; --calibrate is cut, by clip, into a search set, which
// decides on branches, exits and the path of thresholds, and a calibration set, which says how far on that
// path is safe;
// --report takes no part and says what came out.
//
// OUT.checkpoint and, of joint training, OUT.checkpoint.joint have all that --resume needs, after every epoch
// of training and every round of pruning; they go when all is written. Several processes may share the work,
// as in train.cpp.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <flexdnn/search/adapt.hpp>
#include <flexdnn/search/emit.hpp>
#include <flexdnn/search/measure_candidates.hpp>
#include <flexdnn/search/read_branches.hpp>
#include <functional>
#include <memory>

#include "common/adaptation_report.hpp"
#include "common/augmentation_options.hpp"
#include "common/backbones.hpp"
#include "common/held_parts.hpp"
#include "common/image_set.hpp"
#include "common/processes.hpp"
#include "common/target.hpp"

namespace {

using namespace flexdnn;
using examples::held_parts;
using examples::image_set;
using examples::require;
using examples::require_agreed;

struct request {
  std::string backbone, weights, trained, out;
  std::vector<std::string> train, calibrate, report;
  double loss = 0.005, delta = 0.1, search_share = 0.5;
  std::string rule = "conformal";
  adaptation options;
  unsigned threads = 0;
  bool by_time = false, resume = false;
};

/// A rule for each of a series of risks about the one asked for, those that are none left out.
template <class RuleOf>
[[nodiscard]] auto rules_about(double loss, RuleOf rule_of) {
  std::vector<decltype(rule_of(loss))> rules;
  for (const double times : {0.5, 1.0, 2.0, 4.0, 10.0}) {
    if (times <= 1.0 || times * loss < 1.0) rules.push_back(rule_of(times * loss));
  }
  for (const auto& rule : rules) require(rule.check());
  return rules;
}

/// A backbone and its data set as values, so that what follows is compiled once.
struct known {
  std::string_view spelled, data;
  frame_format format;
  std::vector<std::string> classes;
  bool mirrored = false;
  std::function<std::unique_ptr<frozen_trunk>(const std::string& weights)> read;  ///< throws
};

template <class Backbone, class Data>
[[nodiscard]] known known_as(const examples::known_backbone<Backbone, Data>& b) {
  known k{b.spelled, b.data, frame_format::of<Data>(), {}, Data::mirrored, {}};
  for (std::size_t c = 0; c < static_cast<std::size_t>(lowered<Backbone>::classes); ++c) {
    if constexpr (requires { Data::classes; }) {
      k.classes.emplace_back(Data::classes[c]);
    } else {
      k.classes.push_back("class " + std::to_string(c));
    }
  }
  k.read = [](const std::string& path) {
    weights<Backbone> w;
    require(read_weights(path, w));
    return freeze(w);
  };
  return k;
}

/// Of a class without images nothing is decided: the user may not know.
void warn_of_missing(const char* what, const labelled_frames& images,
                     const std::vector<std::string>& classes) {
  std::vector<bool> there(classes.size());
  for (std::size_t i = 0; i < images.size(); ++i) there[static_cast<std::size_t>(images.label(i))] = true;
  std::string missing;
  for (std::size_t c = 0; c < classes.size(); ++c) {
    if (!there[c]) missing += (missing.empty() ? "" : ", ") + classes[c];
  }
  if (missing.empty()) return;
  std::fprintf(stderr, "warning: the %zu images to %s show none of: %s\n", images.size(), what,
               missing.c_str());
}

void adapt(request r, const known& backbone, communicator& processes) {
  r.options.training.images.flip = backbone.mirrored;
  const shape extent = backbone.format.frame;
  const std::size_t classes = backbone.classes.size();
  const std::string folder = std::filesystem::path(r.out).parent_path().string();
  const std::string state = r.out + ".checkpoint";
  const std::string name = std::filesystem::path(r.out).filename().string();
  std::vector<conformal_risk_control> conformal;
  std::vector<learn_then_test> certain;
  image_set train, held, last;
  std::unique_ptr<frozen_trunk> given, trunk;
  std::vector<exit_candidate> exits;
  examples::on_all(processes, [&] {
    examples::check_target(r.out + ".hpp", {r.weights, r.trained});
    examples::check_target(r.out + ".safetensors", {r.weights, r.trained});
    if (!r.resume && std::filesystem::exists(state)) {
      throw std::runtime_error(state +
                               " is there, of an adaptation that was interrupted: --resume goes on from "
                               "it; remove it to begin anew");
    }
    require(examine({.name = name}));
    conformal = rules_about(r.loss, [](double alpha) { return conformal_risk_control{alpha}; });
    certain = rules_about(r.loss, [&](double alpha) { return learn_then_test{alpha, r.delta}; });
    train = examples::load_images(r.train, extent, classes);
    held = examples::load_images(r.calibrate, extent, classes);
    last = examples::load_images(r.report, extent, classes);
    if (const held_parts cut(held, r.search_share); cut.searched == 0 || cut.calibrated == 0) {
      throw std::runtime_error("--calibrate: of its images, tracks or videos " +
                               std::to_string(cut.searched) + " would be searched on and " +
                               std::to_string(cut.calibrated) +
                               " would calibrate; wanted one or more of each");
    }
    given = backbone.read(r.weights);
    trunk = backbone.read(r.trained.empty() ? r.weights : r.trained);
    if (r.trained.empty()) return;
    require(read_branches(r.trained, *trunk, exits));
    if (exits.empty()) throw std::runtime_error("--trained: " + r.trained + " has no exits");
    r.options.cuts.clear();
    for (const exit_candidate& c : exits) r.options.cuts.push_back(c.cut);
  });
  const held_parts cut(held, r.search_share);
  const bool first = processes.rank() == 0;
  const labelled_frames search(held.images, backbone.format, cut.search),
      calibration(held.images, backbone.format, cut.calibration), report(last.images, backbone.format);
  const auto tell = [](const std::string& line) { std::fprintf(stderr, "%s\n", line.c_str()); };
  if (first) {
    warn_of_missing("search on", search, backbone.classes);
    warn_of_missing("calibrate", calibration, backbone.classes);
  }
  // Exits are chosen for the loss that calibration will let pass, which is less than the risk, and much less
  // of a hundred tracks; where it lets none pass, for the risk.
  const exit_risk risk{r.options.limit.loss, cut.unit};
  const bool by_clip = risk.unit == exit_unit::clip;
  const auto admitted_by = [&](const auto& rule) { return rule.admitted(cut.calibrated, by_clip); };
  const double admitted = r.rule == "conformal" ? admitted_by(conformal_risk_control{r.loss})
                                                : admitted_by(learn_then_test{r.loss, r.delta});
  r.options.limit.most = admitted > 0.0 ? admitted : r.loss;
  const bool trained_before = trunk->values() != given->values();
  adapter a(std::move(trunk), labelled_frames(train.images, backbone.format), search, r.options, tell,
            r.threads, processes);
  if (r.resume) {
    require_agreed(a.resume(state));
  } else {
    a.save_to(state);
    if (!r.trained.empty()) require_agreed(a.take(std::move(exits)));
  }
  require_agreed(a.start());
  require_agreed(a.prune());
  require_agreed(a.finish());

  std::vector<float> frame(extent.size());
  search.frame(0, frame);
  const auto seconds = [&](const std::vector<exit_candidate>& some) {
    if (!first) return exit_costs{};  // only the report has them
    return measure_candidates(a.trunk(), some, frame);
  };
  examples::adaptation_result result;
  result.backbone_reported = candidate_trainer(*given, r.threads, processes).trace({}, report);
  require_agreed(a.join());
  result.searches = a.searches();
  for (const exit_candidate& c : a.candidates()) result.cuts.push_back(c.cut);
  result.candidate_macs = a.engine().macs(a.candidates()), result.candidate_seconds = seconds(a.candidates());
  result.candidates_searched = a.engine().trace(a.candidates(), search);
  result.candidates_reported = a.engine().trace(a.candidates(), report);
  a.place();
  const std::vector<exit_candidate>& kept = a.kept();
  adapted_network net;
  const auto calibrate_by = [&](const auto& rules) {
    require_agreed(a.calibrated_network(calibration, held.clips, risk, std::span(rules), net));
  };
  r.rule == "conformal" ? calibrate_by(conformal) : calibrate_by(certain);
  result.exits_reported = a.engine().trace(kept, report, last.clips);
  if (!first) return;
  for (const adapted_level& l : net.levels) {
    if (std::ranges::any_of(l.thresholds, [](float t) { return t != never_leave; })) continue;
    std::fprintf(stderr,
                 "risk %g: these calibration images cannot promise it, no frame leaves early there; more of "
                 "them would, or a larger --loss\n",
                 l.risk);
  }
  net.header = "<flexdnn/models.hpp>";
  net.name = name, net.backbone = backbone.spelled;
  net.data = "using data = " + std::string(backbone.data) + ";";
  const std::string unit = by_clip ? "clip" : "image";
  result.promise =
      "Thresholds by " + (r.rule == "conformal"
                              ? "conformal risk control: over calibration sets, the mean accuracy that "
                                "leaving early costs the next " +
                                    unit + " is at most the risk."
                              : "Learn-then-Test: with probability " + examples::fixed(1.0 - r.delta, 2) +
                                    " leaving early costs at most the risk in accuracy, by " + unit + ".");
  const bool jointly = r.options.joint.epochs > 0;
  result.trunk = jointly ? "was trained " + std::to_string(r.options.joint.epochs) + " epochs with the exits"
                 : trained_before ? "was trained with exits before"
                                  : "";
  result.sets = std::to_string(train.size()) + " images trained branches" +
                (jointly ? " and the trunk with them, " : ", ") + std::to_string(search.size()) +
                " chose branches, exits and a path of thresholds, " + std::to_string(calibration.size()) +
                " calibrated it, " + std::to_string(report.size()) + " took no part and are reported on.";
  net.provenance = {result.sets, result.promise};
  require(emit(folder.empty() ? "." : folder, a.trunk(), net));

  result.backbone = backbone.spelled, result.network = net, result.limit = r.options.limit;
  result.classes = backbone.classes;
  result.exit_macs = a.engine().macs(kept), result.exit_seconds = seconds(kept);
  result.images = &last.images;
  std::printf("%s", examples::write_report(result, r.out).c_str());
  for (const char* const of : {"", ".joint"}) std::filesystem::remove(state + of);
}

}  // namespace

int main(int argc, char** argv) {
  const auto processes = examples::join_processes();
  request r;
  CLI::App app{"Gives a plain backbone early exits: trains, prunes, places and calibrates them.", "adapt"};
  app.add_option("--backbone", r.backbone, "one of " + examples::backbone_names())->required();
  app.add_option("--weights", r.weights, "safetensors file of the backbone, which the report is against")
      ->required()
      ->check(CLI::ExistingFile);
  app.add_option("--train", r.train, "images that train branches")->required();
  app.add_option("--calibrate", r.calibrate,
                 "images that no training has seen: to search on, and to calibrate")
      ->required();
  app.add_option(
         "--search-share", r.search_share,
         "of these images, by track or video, to search on; the others calibrate: the fewer they are, the "
         "less can be promised")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  app.add_option("--report", r.report, "images that take no part, to report on")->required();
  app.add_option("--out", r.out, "NAME: NAME.hpp and NAME.safetensors are written")->required();
  app.add_option("--loss", r.loss, "accuracy that leaving early may cost, as a share of frames")
      ->capture_default_str();
  app.add_option("--rule", r.rule, "conformal or learn_then_test")
      ->check(CLI::IsMember({"conformal", "learn_then_test"}))
      ->capture_default_str();
  app.add_option("--delta", r.delta, "of learn_then_test: how often it may fail")->capture_default_str();
  app.add_flag("--by-time", r.by_time, "prune branches and place exits by time measured here, not by MACs");
  app.add_option("--cuts", r.options.cuts, "cut points to try; default: all");
  app.add_option("--epochs", r.options.training.epochs, "of the branches that remain")->capture_default_str();
  app.add_option("--first-epochs", r.options.first_epochs, "before anything is removed")
      ->capture_default_str();
  const CLI::Option* const rounds =
      app.add_option("--rounds", r.options.rounds, "removals tried of each branch")->capture_default_str();
  app.add_option("--round-epochs", r.options.round_epochs, "training of each")->capture_default_str();
  app.add_option("--search-images", r.options.images, "training images of these epochs")
      ->capture_default_str();
  app.add_option("--batch", r.options.training.batch, "images a step")->capture_default_str();
  app.add_option("--learning-rate", r.options.training.learning_rate, "of Adam, at the start")
      ->capture_default_str();
  app.add_option("--distillation", r.options.training.loss.distillation,
                 "share of the loss that is the backbone's answer")
      ->capture_default_str();
  app.add_option("--temperature", r.options.training.loss.temperature, "of the distillation")
      ->capture_default_str();
  examples::add_augmentation(app, r.options.training.images);
  app.add_option("--joint-epochs", r.options.joint.epochs,
                 "of trunk and branches together, after that; 0: the trunk stays as it is")
      ->capture_default_str();
  app.add_option("--joint-learning-rate", r.options.joint.learning_rate, "of SGD, at the start")
      ->capture_default_str();
  app.add_option(
         "--trained", r.trained,
         "the backbone after it was trained with exits, which are taken in place of new ones; only with "
         "--rounds are they pruned and trained on before they are chosen from and calibrated")
      ->check(CLI::ExistingFile);
  app.add_flag("--resume", r.resume, "go on from OUT.checkpoint");
  app.add_option("--seed", r.options.training.seed, "of everything random")->capture_default_str();
  app.add_option("--threads", r.threads, "of a process; 0: its share of the cores")->capture_default_str();
  const auto body = [&] {
    if (!r.trained.empty() && rounds->count() == 0) r.options.rounds = 0;
    r.options.cost = r.by_time ? saved_cost::seconds : saved_cost::macs;
    known backbone;
    if (examples::with_backbone(r.backbone, [&](const auto& b) { backbone = known_as(b); })) {
      return adapt(r, backbone, *processes);
    }
    throw examples::shared_failure("unknown backbone " + r.backbone + "; known are " +
                                   examples::backbone_names());
  };
  return examples::run_program(app, argc, argv, body, *processes);
}
