// SPDX-License-Identifier: MIT
// calibrate_exits: sets the thresholds of an adaptive CIFAR-10 network and reports what they are worth.
//
// The images are cut into five parts and rotated: one part to search (how the risk is shared among the
// exits), one to calibrate (the thresholds), three to report. The table is the mean of the five rotations.
// The thresholds that are written for use are searched on one part and calibrated on the other four, which
// leaves nothing to report on: the table is what to expect of them.
#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <flexdnn/calibrate/threshold.hpp>
#include <flexdnn/io.hpp>
#include <flexdnn/kernels/convert.hpp>
#include <memory>
#include <numeric>

#include "../weights/cifar10_resnet20_exits.hpp"
#include "../weights/cifar10_resnet56_exits.hpp"
#include "common/failure.hpp"

namespace {

using namespace flexdnn;
using examples::require;

struct request {
  std::string model, weights, images, write;
  std::size_t timed = 500;
};

/// Risks of the table: accuracy, as a share of frames, that leaving early may cost.
constexpr std::array risks{0.0025, 0.005, 0.01, 0.02, 0.05};
constexpr std::size_t parts = 5;

/// What every exit says of every frame, from one run of the whole network.
template <class Network>
struct trace {
  static constexpr std::size_t exits = static_cast<std::size_t>(Network::exit_count);
  std::array<std::vector<float>, exits> confidence;
  std::array<std::vector<std::uint8_t>, exits> wrong;
  std::array<std::vector<std::uint8_t>, exits> costs;  ///< wrong where the full network is right
};

/// Thresholds applied to part of a trace: what would be executed.
struct outcome {
  double accuracy = 0.0, backbone = 0.0, mac_share = 0.0;
  std::vector<double> shares;
};

template <class Network>
class study {
  using low = lowered<Network>;
  static constexpr std::size_t exits = trace<Network>::exits;
  using vector_of_thresholds = std::array<float, exits - 1>;
  using policy = entropy_confidence<Network>;

 public:
  study(const request& r, const records& images) : request_(r), images_(images) {
    require(load(r.weights, *weights_));
    engine<Network> net(*weights_);
    for (std::size_t i = 0; i < images.size(); ++i) {
      const std::size_t label = images.label(i);
      (void)net.run(frame(i), [&](const evidence& e, verdict) {
        const auto k = static_cast<std::size_t>(e.exit);
        trace_.confidence[k].push_back(policy::confidence(e.logits));
        trace_.wrong[k].push_back(static_cast<std::size_t>(e.label) == label ? 0 : 1);
      });
    }
    for (std::size_t k = 0; k < exits; ++k) {
      for (std::size_t i = 0; i < images.size(); ++i) {
        trace_.costs[k].push_back(trace_.wrong[k][i] > trace_.wrong[exits - 1][i] ? 1 : 0);
      }
    }
  }

  void report() {
    std::printf("%-12s", "exit alone");
    for (std::size_t k = 0; k < exits; ++k) {
      const double wrong = std::accumulate(trace_.wrong[k].begin(), trace_.wrong[k].end(), 0.0);
      std::printf("  %s %.2f %%", std::string(low::exits[k].name).c_str(),
                  100.0 * (1.0 - wrong / static_cast<double>(images_.size())));
    }
    std::printf(
        "\n\n| risk | accuracy | against backbone | MACs | time | left at exits 1 to %zu, rest to the end "
        "|\n",
        exits - 1);
    std::printf("| --- | --- | --- | --- | --- | --- |\n");
    row("paper's rule", [&](std::size_t r) { return paper(part((r + 1) % parts)); });
    for (const double risk : risks) {
      char name[16];
      std::snprintf(name, sizeof name, "%.2f %%", 100.0 * risk);
      row(name,
          [&](std::size_t r) { return at_risk(part((r + 1) % parts), risk, best_shares(part(r), risk)); });
    }
  }

  /// Thresholds for use: shares from the first part, quantiles from all the others: a share chosen on the
  /// images that calibrate it would void the promise.
  [[nodiscard]] std::string header() const {
    std::string text =
        "// SPDX-License-Identifier: MIT\n// Thresholds of " + request_.model +
        " for entropy_confidence, written by examples/calibrate_exits.\n#pragma once\n\n#include <array>\n"
        "#include <flexdnn/calibrate/risk_level.hpp>\n\nnamespace flexdnn {\n\ninline constexpr "
        "std::array<risk_level<" +
        std::to_string(exits) + ">, " + std::to_string(risks.size()) + "> " + request_.model +
        "_thresholds{{\n";
    std::vector<std::size_t> rest(images_.size() - part(0).size());
    std::iota(rest.begin(), rest.end(), part(0).size());
    for (const double risk : risks) {
      char number[64];
      std::snprintf(number, sizeof number, "    {%g, {", risk);
      text += number;
      const vector_of_thresholds t = at_risk(rest, risk, best_shares(part(0), risk));
      for (std::size_t k = 0; k < t.size(); ++k) {
        std::snprintf(number, sizeof number, "%s%aF", k > 0 ? ", " : "", static_cast<double>(t[k]));
        text += number;
      }
      text += "}},\n";
    }
    return text + "}};\n\n}  // namespace flexdnn\n";
  }

 private:
  [[nodiscard]] typename engine<Network>::frame frame(std::size_t i) {
    normalize_planar(images_.extent, images_.pixels(i).data(), Network::data::mean, Network::data::deviation,
                     frame_.data());
    return typename engine<Network>::frame(frame_);
  }

  [[nodiscard]] std::vector<std::size_t> part(std::size_t number) const {
    std::vector<std::size_t> chosen(images_.size() / parts);
    std::iota(chosen.begin(), chosen.end(), number * chosen.size());
    return chosen;
  }

  using flags = std::array<std::vector<std::uint8_t>, exits>;

  /// One threshold an exit from the frames given: rule(exit, confidences, losses). A frame counts at an exit
  /// whether or not it would have left before: so the exits' risks add up to at most the network's.
  template <class Rule>
  [[nodiscard]] vector_of_thresholds calibrate(const std::vector<std::size_t>& frames, const flags& losses,
                                               Rule rule) const {
    vector_of_thresholds t{};
    std::vector<float> confidence(frames.size());
    std::vector<std::uint8_t> loss(frames.size());
    for (std::size_t k = 0; k + 1 < exits; ++k) {
      for (std::size_t i = 0; i < frames.size(); ++i) {
        confidence[i] = trace_.confidence[k][frames[i]];
        loss[i] = losses[k][frames[i]];
      }
      t[k] = rule(k, std::span<const float>(confidence), std::span<const std::uint8_t>(loss));
    }
    return t;
  }

  [[nodiscard]] vector_of_thresholds paper(const std::vector<std::size_t>& frames) const {
    return calibrate(frames, trace_.wrong, [](std::size_t, auto confidence, auto wrong) {
      return zero_error_threshold(confidence, wrong);
    });
  }

  [[nodiscard]] vector_of_thresholds at_risk(const std::vector<std::size_t>& frames, double risk,
                                             const std::array<double, exits - 1>& shares) const {
    return calibrate(frames, trace_.costs, [&](std::size_t k, auto confidence, auto costs) {
      return quantile_threshold(confidence, costs, risk * shares[k]);
    });
  }

  [[nodiscard]] std::size_t exit_of(std::size_t frame, const vector_of_thresholds& t) const {
    std::size_t k = 0;
    while (k + 1 < exits && !(trace_.confidence[k][frame] > t[k])) ++k;
    return k;
  }

  [[nodiscard]] outcome simulate(const std::vector<std::size_t>& frames,
                                 const vector_of_thresholds& t) const {
    outcome o{.shares = std::vector<double>(exits)};
    const double n = static_cast<double>(frames.size());
    for (const std::size_t i : frames) {
      const std::size_t k = exit_of(i, t);
      o.accuracy += (1 - trace_.wrong[k][i]) / n;
      o.backbone += (1 - trace_.wrong[exits - 1][i]) / n;
      o.mac_share += static_cast<double>(low::exits[k].macs) / static_cast<double>(low::trunk_macs) / n;
      o.shares[k] += 1.0 / n;
    }
    return o;
  }

  /// The way to share the risk, in eighths, that spends the fewest MACs on the search part. The budget of
  /// that part is used with its own thresholds: only the shares are taken over.
  [[nodiscard]] std::array<double, exits - 1> best_shares(const std::vector<std::size_t>& frames,
                                                          double risk) const {
    constexpr int units = 8;
    std::array<double, exits - 1> best{}, shares{};
    double least = 1e9;
    const auto visit = [&](auto self, std::size_t k, int left) -> void {
      if (k + 2 == exits) {
        shares[k] = static_cast<double>(left) / units;
        const double cost = simulate(frames, at_risk(frames, risk, shares)).mac_share;
        if (cost < least) least = cost, best = shares;
        return;
      }
      for (int here = 0; here <= left; ++here) {
        shares[k] = static_cast<double>(here) / units;
        self(self, k + 1, left - here);
      }
    };
    visit(visit, 0, units);
    return best;
  }

  struct timing {
    double adaptive = 0.0, backbone = 0.0;
  };

  /// Measures the engine itself, frame by frame against its own backbone, and checks that it leaves where the
  /// simulation says. A frame's time is the shortest of three runs.
  [[nodiscard]] timing measure(const std::vector<std::size_t>& frames, const vector_of_thresholds& t) {
    const auto adaptive =
        std::make_unique<engine<Network, policy>>(*weights_, thresholds<static_cast<int>(exits) - 1>(t));
    const auto backbone = std::make_unique<engine<Network, always_last>>(*weights_);
    timing total;
    const auto timed = [](auto& net, auto f, double& shortest) {
      const auto start = std::chrono::steady_clock::now();
      const auto a = net.run(f);
      shortest =
          std::min(shortest, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
      return a.exit;
    };
    for (std::size_t n = 0; n < frames.size() && n < request_.timed; ++n) {
      const auto f = frame(frames[n]);
      double ours = 1e9, theirs = 1e9;
      for (int round = 0; round < 3; ++round) {
        timed(*backbone, f, theirs);
        if (static_cast<std::size_t>(timed(*adaptive, f, ours)) != exit_of(frames[n], t)) {
          throw std::runtime_error("image " + std::to_string(frames[n]) +
                                   " left at another exit than simulated");
        }
      }
      total.adaptive += ours;
      total.backbone += theirs;
    }
    return total;
  }

  template <class Choose>
  void row(const char* name, Choose choose) {
    outcome mean{.shares = std::vector<double>(exits)};
    timing time;
    for (std::size_t r = 0; r < parts; ++r) {
      const vector_of_thresholds t = choose(r);
      std::vector<std::size_t> frames;
      for (std::size_t p = 2; p < parts; ++p) {
        const auto more = part((r + p) % parts);
        frames.insert(frames.end(), more.begin(), more.end());
      }
      const outcome o = simulate(frames, t);
      mean.accuracy += o.accuracy / parts;
      mean.backbone += o.backbone / parts;
      mean.mac_share += o.mac_share / parts;
      for (std::size_t k = 0; k < exits; ++k) mean.shares[k] += o.shares[k] / parts;
      const timing m = measure(frames, t);
      time.adaptive += m.adaptive;
      time.backbone += m.backbone;
    }
    std::printf("| %s | %.2f %% | %+.2f | %.1f %% | ", name, 100.0 * mean.accuracy,
                100.0 * (mean.accuracy - mean.backbone), 100.0 * mean.mac_share);
    if (time.backbone > 0.0)
      std::printf("%.1f %% | ", 100.0 * time.adaptive / time.backbone);
    else
      std::printf("not measured | ");
    for (std::size_t k = 0; k < exits; ++k) std::printf("%s%.1f", k > 0 ? " / " : "", 100.0 * mean.shares[k]);
    std::printf(" |\n");
    std::fflush(stdout);
  }

  const request& request_;
  const records& images_;
  std::unique_ptr<packed<Network>> weights_ = std::make_unique<packed<Network>>();
  std::vector<float> frame_ = std::vector<float>(Network::frame.size());
  trace<Network> trace_;
};

template <class Network>
void calibrate(const request& r) {
  records images;
  require(load_records(r.images, Network::data::frame, images));
  if (images.size() < parts * 10) throw std::runtime_error("calibration needs 50 images or more");
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
