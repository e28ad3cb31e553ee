// SPDX-License-Identifier: MIT
// drops: what a stream loses of its frames before the backbone, before the network with exits, and where
// frames that would be dropped leave earlier in place of that: six settings of frame rate and tolerated
// latency.
//
// Every frame's time is measured, backbone and network in turn, at every level of risk, and settled by exit;
// 100,000 arrivals that go round the frames are simulated from these. Settings are those of Fang et al. 2020
// by utilisation (frame rate x service time of the backbone) and by tolerated latency in service times,
// brought to this machine's backbone. With --gate or --decay frames are answered by those before them
// (difference_gate, temporal_average): each is run as the stream serves it.
#include <CLI/CLI.hpp>
#include <cmath>
#include <flexdnn/kernels/convert.hpp>
#include <flexdnn/stream/level_choice.hpp>
#include <flexdnn/stream/simulate.hpp>
#include <map>

#include "common/drop_settings.hpp"
#include "common/failure.hpp"
#include "common/report.hpp"

using namespace examples;

namespace {

struct options {
  std::string model, weights, images;
  float gate = 0.0F, decay = 0.0F;
  double risk = 0.01, floor = 0.05, quantile = 0.9;
  bool json = false;
};

/// What each frame takes, and whether the answer is right.
struct measured {
  std::vector<std::int64_t> ns;
  std::vector<int> exits;
  std::vector<bool> right;

  void add(const timed_prediction& p, int truth) {
    ns.push_back(std::llround(1e9 * p.seconds));
    exits.push_back(p.exit);
    right.push_back(p.label == truth);
  }
  /// Frames that leave at one exit do the same work: what their times differ by is other programs'. Each
  /// takes the median.
  void settle() {
    for (int e = 0; e <= *std::ranges::max_element(exits); ++e) {
      std::vector<std::int64_t> there;
      for (std::size_t i = 0; i < ns.size(); ++i) {
        if (exits[i] == e) there.push_back(ns[i]);
      }
      if (there.empty()) continue;
      const auto middle = there.begin() + std::ssize(there) / 2;
      std::ranges::nth_element(there, middle);
      for (std::size_t i = 0; i < ns.size(); ++i) {
        if (exits[i] == e) ns[i] = *middle;
      }
    }
  }
  [[nodiscard]] double mean() const {
    double sum = 0.0;
    for (const std::int64_t each : ns) sum += static_cast<double>(each);
    return sum / static_cast<double>(ns.size());
  }
  [[nodiscard]] std::int64_t longest() const { return *std::ranges::max_element(ns); }
};

struct outcome {
  double dropped = 0.0, late = 0.0, accuracy = 0.0;  ///< accuracy: of the answers in time or late
};

struct served {
  std::int64_t ns = 0;
  bool right = false;
};

/// levels: most accurate first. serve(level, frame): what became of a frame, asked in the order of service.
template <class Estimate, class Serve>
outcome stream(std::size_t frames, double rate, double tolerated_ns, const Estimate& estimate, Serve serve) {
  flexdnn::waiting_line line(static_cast<std::int64_t>(tolerated_ns), estimate);
  std::uint64_t right = 0;
  simulate(
      line, drop_arrivals, [&](std::uint64_t k) { return std::llround(1e9 * static_cast<double>(k) / rate); },
      [&](std::uint64_t k) {
        const served s = serve(line.estimate().level(), static_cast<std::size_t>(k) % frames);
        right += s.right ? 1U : 0U;
        return s.ns;
      });
  const auto all = static_cast<double>(drop_arrivals);
  const flexdnn::stream_counts& c = line.counts();
  return {static_cast<double>(c.dropped) / all, static_cast<double>(c.late) / all,
          static_cast<double>(right) / static_cast<double>(std::max<std::uint64_t>(c.answered + c.late, 1))};
}

/// The estimate that loses the fewest frames: the longest, the mean or a quantile.
template <class Serve>
outcome best(std::span<const measured> levels, double rate, double tolerated_ns, double q, Serve serve) {
  const auto with = [&](auto make) {
    std::vector<decltype(make(levels[0]))> each;
    for (const measured& m : levels) each.push_back(make(m));
    return stream(levels[0].ns.size(), rate, tolerated_ns,
                  flexdnn::level_choice(std::span<const decltype(make(levels[0]))>(each)), serve);
  };
  const outcome all[]{with([](const measured& m) { return flexdnn::worst_case_estimate{m.longest()}; }),
                      with([](const measured& m) { return flexdnn::mean_estimate(std::llround(m.mean())); }),
                      with([&](const measured& m) { return flexdnn::quantile_estimate(q, m.longest()); })};
  return *std::ranges::min_element(all, {}, [](const outcome& o) { return o.dropped + o.late; });
}

/// Serves frames as they were measured, each alone.
class recorded {
 public:
  explicit recorded(std::span<const measured> levels) : levels_(levels) {}
  served operator()(std::size_t level, std::size_t frame) const {
    return {levels_[level].ns[frame], levels_[level].right[frame]};
  }

 private:
  std::span<const measured> levels_;
};

/// Runs each frame after those that were served before it: where it leaves is its own, its time the median of
/// that exit.
class over_time {
 public:
  over_time(const model& m, const flexdnn::records& images, classifier& network, std::size_t first,
            std::span<const measured> levels)
      : model_(&m), images_(&images), network_(&network), first_(first), frame_(m.data.frame.size()) {
    for (const measured& level : levels) {
      for (std::size_t i = 0; i < level.ns.size(); ++i)
        ns_[static_cast<std::size_t>(level.exits[i])] = level.ns[i];
    }
  }
  served operator()(std::size_t level, std::size_t frame) {
    network_->set_level(first_ + level);
    flexdnn::normalize_planar(model_->data.frame, images_->pixels(frame).data(), model_->data.mean,
                              model_->data.deviation, frame_.data(), model_->data.unit, model_->data.order);
    double ignored = 0.0;
    const prediction p = network_->run(frame_, ignored);
    // An exit that no frame alone left at: as the next one that was measured, which takes longer.
    const auto at = ns_.lower_bound(static_cast<std::size_t>(p.exit));
    return {(at == ns_.end() ? std::prev(at) : at)->second, p.label == images_->label(frame)};
  }

 private:
  const model* model_;
  const flexdnn::records* images_;
  classifier* network_;
  std::size_t first_;
  std::vector<float> frame_;
  std::map<std::size_t, std::int64_t> ns_;
};

std::string share(double part) { return flexdnn::percent(part, 1.0); }

void run(const options& o) {
  const model& m = find_model(o.model);
  if (!m.adaptive()) throw std::runtime_error(std::string(m.name) + " has no exits");
  const std::size_t first = level_of(m, o.risk), last = level_of(m, o.floor);
  if (last < first) throw std::runtime_error("--floor is below --risk");
  opened engines;
  require(m.open(weights_path(m, o.weights), {first}, engines));
  flexdnn::records images;
  require(flexdnn::load_records(o.images, m.data.frame, images));
  if (images.size() == 0) throw std::runtime_error(o.images + ": has no frames");
  std::vector<measured> backbone(1), levels;
  for (std::size_t level = first; level <= last; ++level) {
    engines.adaptive->set_level(level);
    const std::vector<frame_result> results = evaluate(m, engines, images, images.size());
    levels.emplace_back();
    for (const frame_result& r : results) {
      levels.back().add(r.adaptive, r.truth);
      if (level == first) backbone[0].add(r.backbone, r.truth);
    }
    levels.back().settle();
  }
  backbone[0].settle();
  const double service = backbone[0].mean();
  const bool alone = !(o.gate > 0.0F || o.decay > 0.0F);
  const auto with_exits = [&](std::span<const measured> some, double rate, double tolerated) {
    if (alone) return best(some, rate, tolerated, o.quantile, recorded(some));
    opened again;
    require(m.open(weights_path(m, o.weights), {first, o.gate, o.decay}, again));
    return best(some, rate, tolerated, o.quantile, over_time(m, images, *again.adaptive, first, levels));
  };
  using side = flexdnn::text_table::side;
  flexdnn::text_table table({{"setting", side::left},
                             {"utilisation"},
                             {"backbone drops"},
                             {"with exits"},
                             {"late"},
                             {"accuracy"},
                             {"with levels"},
                             {"late"},
                             {"accuracy"}});
  json rows = json::array();
  for (const drop_setting& s : drop_settings) {
    const double utilisation = 1e-3 * s.rate * s.service_ms, rate = 1e9 * utilisation / service;
    const double tolerated = service * s.tolerated_ms / s.service_ms;
    const outcome plain = best(backbone, rate, tolerated, o.quantile, recorded(backbone));
    const outcome exits = with_exits(std::span(levels).first(1), rate, tolerated);
    const outcome adapting = with_exits(levels, rate, tolerated);
    table.row({s.name, text_of("%.2f", utilisation), share(plain.dropped + plain.late), share(exits.dropped),
               share(exits.late), share(exits.accuracy), share(adapting.dropped), share(adapting.late),
               share(adapting.accuracy)});
    const auto object = [](const outcome& x) {
      return json{{"dropped", x.dropped}, {"late", x.late}, {"accuracy", x.accuracy}};
    };
    rows.push_back({{"setting", s.name},
                    {"utilisation", utilisation},
                    {"backbone", object(plain)},
                    {"exits", object(exits)},
                    {"levels", object(adapting)}});
  }
  if (o.json) {
    std::printf("%s\n", rows.dump().c_str());
    return;
  }
  std::printf("%s at risk %g, at most %g: %zu frames, each alone %.1f %% of the backbone's time\n\n%s",
              std::string(m.name).c_str(), m.risks[first], m.risks[last], images.size(),
              100.0 * levels[0].mean() / service, table.text().c_str());
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App program("Simulates streams from measured service times: who drops how many frames.", "drops");
  options o;
  program.add_option("--model", o.model, "a network with exits")->required();
  program.add_option("--weights", o.weights, "safetensors file; default: weights/MODEL.safetensors");
  program.add_option("--images", o.images, "records, in the order in which they arrive")
      ->required()
      ->check(CLI::ExistingFile);
  program.add_option("--risk", o.risk, "accuracy that leaving early may cost, as a share of frames")
      ->capture_default_str();
  program.add_option("--floor", o.floor, "the largest risk that a frame may be answered at")
      ->capture_default_str();
  program
      .add_option("--gate", o.gate, "of the first exit's output, by which a frame is answered as the last")
      ->check(CLI::Range(0.0, 1.0));
  program.add_option("--decay", o.decay, "weight of a frame in the average that the next one is answered by")
      ->check(CLI::Range(0.0, 0.999));
  program.add_option("--quantile", o.quantile, "of the third estimate")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  program.add_flag("--json", o.json, "one JSON line");
  return run_program(program, argc, argv, [&] { run(o); });
}
