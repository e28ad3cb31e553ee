// SPDX-License-Identifier: MIT
// monitor: a network in the field: its frames change, an audit of a few finds out, and it calibrates itself
// anew without labels.
//
// Images of --calibrate say what disagreement with the whole network to promise at --risk: the upper 95 %
// bound of what they show. Then frames are drawn from --images; from --at on they are darkened, blurred or
// noisy. What the monitor cannot see is told beside it: how often all frames disagreed and how many were
// right, by a second engine that runs each to its end.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <flexdnn/io.hpp>
#include <flexdnn/kernels/convert.hpp>
#include <flexdnn/monitor/field_monitor.hpp>
#include <flexdnn/policy/by_level.hpp>
#include <memory>

#include "common/failure.hpp"
#include "common/report.hpp"
#include "common/shifts.hpp"
#include "common/shipped_network.hpp"

namespace {

using namespace flexdnn;
using examples::json;
using examples::require;

struct request {
  std::string model, weights, calibrate, images, shifted = "dark";
  double risk = 0.02, strength = 0.7;
  std::size_t frames = 60000, at = 20000;
  monitor_settings monitor;
  bool json = false;
};

/// The largest rate at which so few disagreements of n are seen with probability 0.05 or more.
double upper_bound(std::size_t disagreements, std::size_t n) {
  double low = 0.0, high = 1.0;
  for (int step = 0; step < 50; ++step) {
    const double middle = 0.5 * (low + high);
    (binomial_cdf(disagreements, n, middle) < 0.05 ? high : low) = middle;
  }
  return high;
}

struct chapter {
  std::string name;
  std::size_t level = 0, frames = 0, disagree = 0, right = 0, backbone_right = 0;
  double macs = 0.0;
};

template <class Network>
class field {
  static constexpr int exits = Network::exit_count;
  static constexpr std::size_t levels = Network::risk_levels.size();
  using confident = entropy_confidence<Network>;
  using watched = field_monitor<exits>;

 public:
  explicit field(const request& r) : request_(r) { require(load(r.weights, *weights_)); }

  void run() {
    request r = request_;
    const examples::shift kind = examples::find_shift(r.shifted);
    const records calibration = records_of(r.calibrate), images = records_of(r.images);
    const std::size_t level = examples::shipped_level<Network>(r.risk);
    const std::size_t seen = disagreements(calibration, level);
    r.monitor.promised = upper_bound(seen, calibration.size());
    watched monitor(r.monitor, Network::risk_levels, level);
    const auto net = std::make_unique<engine<Network, by_level<confident, levels + 1>>>(
        *weights_, monitored_policies<confident>(Network::risk_levels), monitor.level());
    std::mt19937_64 random(r.monitor.seed);
    std::vector<chapter> story;
    std::uint64_t before = 0;  ///< audits, when the pictures change
    for (std::size_t k = 0; k < r.frames; ++k) {
      const bool shifted = k >= r.at && kind != examples::shift::none;
      const std::size_t i = random() % images.size();
      take(images, i, shifted ? kind : examples::shift::none, random);
      if (story.empty() || (shifted && k == r.at) || monitor.level() != story.back().level) {
        story.push_back({name_of(monitor, shifted), monitor.level()});
      }
      chapter& now = story.back();
      const int whole = whole_->run(frame()).label;
      const std::uint64_t alarms = monitor.alarms();
      monitor.run(*net, frame(), [&](const auto& a) noexcept {
        now.disagree += a.label != whole ? 1U : 0U;
        now.right += a.label == images.label(i) ? 1U : 0U;
        now.macs += static_cast<double>(a.macs);
      });
      now.backbone_right += whole == images.label(i) ? 1U : 0U;
      ++now.frames;
      if (k + 1 == r.at) before = monitor.audits();
      if (monitor.alarms() > alarms) {
        std::fprintf(stderr, "alarm at frame %zu, %llu audits after %s\n", k + 1,
                     static_cast<unsigned long long>(monitor.audits() - before),
                     before > 0 ? "the pictures changed" : "the start");
      }
    }
    tell(story, seen, calibration.size(), r.monitor.promised, monitor);
  }

 private:
  [[nodiscard]] static std::string name_of(const watched& monitor, bool shifted) {
    return std::string(shifted ? "shifted" : "as calibrated") +
           (monitor.now() == watched::phase::learning ? ", learning" : "");
  }

  [[nodiscard]] static records records_of(const std::string& path) {
    records r;
    require(load_records(path, Network::data::frame, r));
    return r;
  }

  /// Image i as frame().
  void take(const records& images, std::size_t i, examples::shift kind, std::mt19937_64& random) {
    pixels_.assign(images.pixels(i).begin(), images.pixels(i).end());
    examples::apply_shift(kind, request_.strength, images.extent, pixels_, random);
    normalize_planar(images.extent, pixels_.data(), Network::data::mean, Network::data::deviation,
                     frame_.data());
  }

  [[nodiscard]] typename engine<Network>::frame frame() const {
    return typename engine<Network>::frame(frame_);
  }

  [[nodiscard]] std::size_t disagreements(const records& images, std::size_t level) {
    const auto net = std::make_unique<engine<Network, confident>>(
        *weights_, thresholds(Network::risk_levels[level].thresholds));
    std::mt19937_64 random;
    std::size_t count = 0;
    for (std::size_t i = 0; i < images.size(); ++i) {
      take(images, i, examples::shift::none, random);
      const int answered = net->run(frame()).label;
      count += answered != net->finish().label ? 1U : 0U;
    }
    return count;
  }

  void tell(const std::vector<chapter>& story, std::size_t seen, std::size_t of, double promised,
            const watched& monitor) const {
    using side = text_table::side;
    text_table table(
        {{"", side::left}, {"risk"}, {"frames"}, {"disagree"}, {"accuracy"}, {"backbone's"}, {"MACs"}});
    json rows = json::array();
    for (const chapter& c : story) {
      const double n = static_cast<double>(c.frames);
      const auto share = [&](std::size_t count) { return static_cast<double>(count) / n; };
      const double risk = c.level == 0 ? 0.0 : Network::risk_levels[c.level - 1].risk;
      const double macs = c.macs / n / static_cast<double>(lowered<Network>::trunk_macs);
      table.row({c.name, examples::text_of("%g", risk), std::to_string(c.frames),
                 percent(share(c.disagree), 1.0), percent(share(c.right), 1.0),
                 percent(share(c.backbone_right), 1.0), percent(macs, 1.0)});
      rows.push_back({{"chapter", c.name},
                      {"risk", risk},
                      {"frames", c.frames},
                      {"disagree", share(c.disagree)},
                      {"accuracy", share(c.right)},
                      {"backbone", share(c.backbone_right)},
                      {"macs", macs}});
    }
    if (request_.json) {
      const json line{{"promised", promised},
                      {"alarms", monitor.alarms()},
                      {"audits", monitor.audits()},
                      {"chapters", rows}};
      std::printf("%s\n", line.dump().c_str());
      return;
    }
    std::printf(
        "%s at risk %g: %zu of %zu images disagree with the whole network, promised are at most %.2f %%\n"
        "%llu audits, %llu alarms\n\n%s",
        request_.model.c_str(), request_.risk, seen, of, 100.0 * promised,
        static_cast<unsigned long long>(monitor.audits()), static_cast<unsigned long long>(monitor.alarms()),
        table.text().c_str());
  }

  const request& request_;
  std::unique_ptr<packed<Network>> weights_ = std::make_unique<packed<Network>>();
  std::unique_ptr<engine<Network>> whole_ = std::make_unique<engine<Network>>(*weights_);
  std::vector<std::uint8_t> pixels_;
  std::vector<float> frame_ = std::vector<float>(Network::frame.size());
};

void run(request r) {
  r.weights = examples::shipped_weights(r.model, r.weights);
  examples::with_shipped_network(r.model, [&]<class Network>() { field<Network>(r).run(); });
}

}  // namespace

int main(int argc, char** argv) {
  request r;
  CLI::App app{"A network in the field whose frames change: audit, alarm, calibration without labels.",
               "monitor"};
  app.add_option("--model", r.model, examples::shipped_networks)->required();
  app.add_option("--weights", r.weights, "safetensors file; default: weights/MODEL.safetensors");
  app.add_option("--calibrate", r.calibrate, "records that say what to promise; their labels are not read")
      ->required();
  app.add_option("--images", r.images, "records that the frames are drawn from")->required();
  app.add_option("--risk", r.risk, "of the level in use")
      ->check(CLI::Range(1e-6, 1.0))
      ->capture_default_str();
  app.add_option("--shift", r.shifted, "none, dark, blur or noise")->capture_default_str();
  app.add_option("--strength", r.strength, "of the shift")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  app.add_option("--frames", r.frames, "that arrive")
      ->check(CLI::Range(1, 100'000'000))
      ->capture_default_str();
  app.add_option("--at", r.at, "frame from which on they are shifted")->capture_default_str();
  app.add_option("--share", r.monitor.share, "of frames that are audited")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  app.add_option("--run-length", r.monitor.run_length, "audits to a false alarm, in the mean, at least")
      ->check(CLI::Range(1.0, 1e12))
      ->capture_default_str();
  app.add_option("--seed", r.monitor.seed, "of the lot")->capture_default_str();
  app.add_flag("--json", r.json, "one JSON line");
  return examples::run_program(app, argc, argv, [&] { run(r); });
}
