// SPDX-License-Identifier: MIT
// calibrate_exits: sets the thresholds of an adaptive CIFAR-10 network and reports what they are worth.
//
// The images are cut into five parts and rotated: one part to search (a path of thresholds, from the safest
// to the cheapest), one to calibrate (how far to go on it), three to report. The table is the mean of the
// five rotations. The thresholds that are written for use are searched on one part and calibrated on the
// other four, which leaves nothing to report on: the table is what to expect of them.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <flexdnn/calibrate/calibrate.hpp>
#include <flexdnn/calibrate/threshold_path.hpp>
#include <flexdnn/io.hpp>
#include <flexdnn/kernels/convert.hpp>
#include <memory>
#include <numeric>

#include "../weights/cifar10_resnet20_exits.hpp"
#include "../weights/cifar10_resnet56_exits.hpp"
#include "common/failure.hpp"
#include "common/target.hpp"
#include "common/times_in_turn.hpp"

namespace {

using namespace flexdnn;
using examples::require;

struct request {
  std::string model, weights, images, write;
  std::size_t timed = 500;
};

/// Risks of the table: share of the frames that are wrong because they left early.
constexpr std::array risks{0.0025, 0.005, 0.01, 0.02, 0.05};
/// How likely Learn-then-Test may miss one.
constexpr double delta = 0.1;
constexpr std::size_t parts = 5;

template <class Network>
class study {
  using low = lowered<Network>;
  using policy = entropy_confidence<Network>;
  static constexpr auto exits = static_cast<std::size_t>(Network::exit_count);

 public:
  study(const request& r, const records& images) : request_(r), images_(images) {
    for (const exit_point& e : low::exits) {
      costs_.trunk.push_back(static_cast<double>(e.trunk_macs) / static_cast<double>(low::trunk_macs));
      costs_.branch.push_back(static_cast<double>(e.branch_macs) / static_cast<double>(low::trunk_macs));
    }
    require(load(r.weights, *weights_));
    const auto net = std::make_unique<engine<Network>>(*weights_);
    std::array<int, exits> labels{};
    std::array<float, exits> confidences{};
    for (std::size_t i = 0; i < images.size(); ++i) {
      (void)net->run(frame(i), [&](const evidence& e, verdict) {
        labels[static_cast<std::size_t>(e.exit)] = e.label;
        confidences[static_cast<std::size_t>(e.exit)] = policy::confidence(e.logits);
      });
      trace_.add(labels, confidences, images.label(i));
    }
  }

  void report() {
    std::printf("%-12s", "exit alone");
    for (std::size_t e = 0; e < exits; ++e) {
      double right = 0.0;
      for (std::size_t i = 0; i < trace_.frames(); ++i) right += trace_.right(e, i) ? 1.0 : 0.0;
      std::printf("  %s %.2f %%", std::string(low::exits[e].name).c_str(),
                  100.0 * right / static_cast<double>(trace_.frames()));
    }
    std::printf("\n\n| risk | accuracy | against backbone | MACs | time | left at exits 1 to %zu |\n", exits);
    std::printf("| --- | --- | --- | --- | --- | --- |\n");
    row("paper's rule", [&](std::size_t r) { return paper(part(r + 1)); });
    std::array<std::vector<pareto_point>, parts> paths;
    for (std::size_t r = 0; r < parts; ++r) paths[r] = path(part(r));
    const auto rows = [&](const char* format, auto rule) {
      for (const double risk : risks) {
        rule.alpha = risk;
        char name[64];
        std::snprintf(name, sizeof name, format, 100.0 * risk, 100.0 * (1.0 - delta));
        row(name, [&](std::size_t r) { return calibrated_by(rule, paths[r], part(r + 1)); });
      }
    };
    rows("%.2f %%", conformal_risk_control{});
    rows("%.2f %%, %.0f %% sure", learn_then_test{.delta = delta});
  }

  /// Thresholds for use: the path from the first part, the place on it from all the others: a path searched
  /// on the images that calibrate it would void the promise.
  [[nodiscard]] std::string header() const {
    const std::string name = request_.model + "_thresholds";
    std::string text =
        "// SPDX-License-Identifier: MIT\n// Thresholds of " + request_.model +
        " for entropy_confidence, written by examples/calibrate_exits.\n#pragma once\n\n"
        "#include <array>\n#include <flexdnn/calibrate/risk_level.hpp>\n\nnamespace flexdnn {\n\n"
        "inline constexpr std::array<risk_level<" +
        std::to_string(exits) + ">, " + std::to_string(risks.size()) + "> " + name + "{{\n";
    const std::vector<pareto_point> searched = path(part(0));
    for (const double risk : risks) {
      char number[64];
      std::snprintf(number, sizeof number, "    {%g, {", risk);
      text += number;
      const frame_set calibrating = parts_after(0, 1);
      const exit_thresholds t = calibrated_by(conformal_risk_control{risk}, searched, calibrating);
      for (std::size_t k = 0; k < t.size(); ++k) {
        std::snprintf(number, sizeof number, "%s%aF", k > 0 ? ", " : "", static_cast<double>(t[k]));
        text += number;
      }
      const double share = apply(trace_, costs_, t, calibrating).cost / costs_.backbone();
      std::snprintf(number, sizeof number, "}, %.4g},\n", share * static_cast<double>(low::trunk_macs));
      text += number;
    }
    return text + "}};\n\n}  // namespace flexdnn\n";
  }

 private:
  /// The paper's rule at every exit: it counts every wrong prediction.
  [[nodiscard]] exit_thresholds paper(const frame_set& chosen) const {
    exit_thresholds t;
    for (std::size_t e = 0; e + 1 < exits; ++e) {
      std::vector<float> confidence;
      std::vector<std::uint8_t> wrong;
      for (const std::size_t i : chosen) {
        confidence.push_back(trace_.confidence(e, i));
        wrong.push_back(trace_.right(e, i) ? 0 : 1);
      }
      t.push_back(zero_error_threshold(confidence, wrong));
    }
    return t;
  }

  [[nodiscard]] std::vector<pareto_point> path(const frame_set& searched) const {
    return threshold_path(trace_, costs_, exit_thresholds(exits - 1, never_leave), searched);
  }

  template <class Rule>
  [[nodiscard]] exit_thresholds calibrated_by(const Rule& rule, std::span<const pareto_point> searched,
                                              const frame_set& chosen) const {
    calibrated c;
    require(flexdnn::calibrate(trace_, searched, chosen, rule, {}, c));
    return c.thresholds;
  }

  [[nodiscard]] typename engine<Network>::frame frame(std::size_t i) {
    normalize_planar(images_.extent, images_.pixels(i).data(), Network::data::mean, Network::data::deviation,
                     frame_.data());
    return typename engine<Network>::frame(frame_);
  }

  [[nodiscard]] frame_set part(std::size_t number) const {
    frame_set chosen(images_.size() / parts);
    std::iota(chosen.begin(), chosen.end(), number % parts * chosen.size());
    return chosen;
  }

  /// Parts first + skip to first + 4, counted in a circle.
  [[nodiscard]] frame_set parts_after(std::size_t first, std::size_t skip) const {
    frame_set chosen;
    for (std::size_t p = skip; p < parts; ++p) {
      const frame_set more = part(first + p);
      chosen.insert(chosen.end(), more.begin(), more.end());
    }
    return chosen;
  }

  /// The engine itself against its own backbone, which must leave where the trace says.
  [[nodiscard]] examples::turn_times measure(const frame_set& chosen, const exit_thresholds& t) {
    std::array<float, exits - 1> values;
    std::copy(t.begin(), t.end(), values.begin());
    const auto adaptive = std::make_unique<engine<Network, policy>>(*weights_, thresholds(values));
    const auto backbone = std::make_unique<engine<Network, always_last>>(*weights_);
    return examples::times_in_turn(
        *adaptive, *backbone, std::min(chosen.size(), request_.timed),
        [&](std::size_t n) { return frame(chosen[n]); },
        [&](std::size_t n) { return trace_.exit_of(chosen[n], t); });
  }

  /// One row: the mean over the rotations. choose(r): thresholds of rotation r.
  template <class Choose>
  void row(const char* name, Choose choose) {
    exit_outcome mean{.left_at = std::vector<double>(exits)};
    double backbone = 0.0;
    examples::turn_times time;
    for (std::size_t r = 0; r < parts; ++r) {
      const exit_thresholds t = choose(r);
      const frame_set reported = parts_after(r, 2);
      const exit_outcome o = apply(trace_, costs_, t, reported);
      mean.accuracy += o.accuracy / parts;
      backbone += apply(trace_, costs_, exit_thresholds(exits - 1, no_exit), reported).accuracy / parts;
      mean.cost += o.cost / parts;
      for (std::size_t k = 0; k < exits; ++k) mean.left_at[k] += o.left_at[k] / parts;
      const examples::turn_times m = measure(reported, t);
      time.adaptive += m.adaptive, time.plain += m.plain;
    }
    std::printf("| %s | %.2f %% | %+.2f | %.1f %% | ", name, 100.0 * mean.accuracy,
                100.0 * (mean.accuracy - backbone), 100.0 * mean.cost);
    if (time.plain > 0.0) {
      std::printf("%.1f %% | ", 100.0 * time.adaptive / time.plain);
    } else {
      std::printf("not measured | ");
    }
    for (std::size_t k = 0; k < exits; ++k)
      std::printf("%s%.1f", k > 0 ? " / " : "", 100.0 * mean.left_at[k]);
    std::printf(" |\n");
    std::fflush(stdout);
  }

  const request& request_;
  const records& images_;
  std::unique_ptr<packed<Network>> weights_ = std::make_unique<packed<Network>>();
  std::vector<float> frame_ = std::vector<float>(Network::frame.size());
  exit_trace trace_{exits};
  exit_costs costs_;  ///< as shares of the backbone's MACs
};

template <class Network>
void calibrate(const request& r) {
  if (!r.write.empty()) examples::check_target(r.write, {r.weights, r.images});
  records images;
  require(load_records(r.images, Network::data::frame, images));
  if (images.size() < parts * 10) throw std::runtime_error("calibration needs 50 images or more");
  for (std::size_t i = 0; i < images.size(); ++i) {
    if (images.label(i) < lowered<Network>::classes) continue;
    throw std::runtime_error("image " + std::to_string(i) + " has label " + std::to_string(images.label(i)) +
                             ", the network has classes 0 to " +
                             std::to_string(lowered<Network>::classes - 1));
  }
  study<Network> s(r, images);
  s.report();
  if (r.write.empty()) return;
  const std::string text = s.header();
  const std::array whole{std::as_bytes(std::span(text))};
  require(write_file(r.write, whole));
}

}  // namespace

int main(int argc, char** argv) {
  request r;
  CLI::App app{"Sets and reports the thresholds of an adaptive CIFAR-10 network.", "calibrate_exits"};
  app.add_option("--model", r.model, "cifar10_resnet20_exits or cifar10_resnet56_exits")->required();
  app.add_option("--weights", r.weights, "safetensors file")->required();
  app.add_option("--images", r.images, "CIFAR-10 binary file that no training has seen")->required();
  app.add_option("--write-thresholds", r.write, "header to write");
  app.add_option("--timed", r.timed, "images a rotation whose time is measured; 0: none")
      ->capture_default_str();
  return examples::run_program(app, argc, argv, [&] {
    if (r.model == "cifar10_resnet20_exits") return calibrate<cifar10_resnet20_exits>(r);
    if (r.model == "cifar10_resnet56_exits") return calibrate<cifar10_resnet56_exits>(r);
    throw std::runtime_error("unknown model " + r.model +
                             ": cifar10_resnet20_exits or cifar10_resnet56_exits");
  });
}
