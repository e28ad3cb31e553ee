// SPDX-License-Identifier: MIT
// temporal: what policies over time save on tracks, and what they cost in accuracy.
//
// Of the tracks held from training a third searches: a path of thresholds from the safest to the cheapest,
// and each way's own setting. The others calibrate how far to go on the path, a track's loss being the share
// of its frames that are wrong where the whole network is right. The tracks to report on take no part: once
// at the rate of the tracks held (--every), for which alone the promise holds, and once with every frame.
// Without tracks held nothing is searched or calibrated: thresholds are the network's own at --risk, a gate
// and a decay are --gate and --decay, and nothing is promised of them.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <flexdnn/calibrate/calibrate.hpp>
#include <flexdnn/calibrate/threshold_path.hpp>
#include <flexdnn/io.hpp>
#include <numeric>

#include "common/failure.hpp"
#include "common/held_parts.hpp"
#include "common/report.hpp"
#include "common/shipped_network.hpp"
#include "common/temporal_ways.hpp"
#include "common/tracks.hpp"

namespace {

using namespace flexdnn;
using examples::image_set;
using examples::json;
using examples::temporal_setting;
using examples::temporal_way;

struct request {
  std::string model, weights;
  std::vector<std::string> held, report;
  double risk = 0.02, delta = 0.0, search_share = 0.3334;
  float gate = 0.5F, decay = 0.5F;
  int every = 1;
  bool json = false;
};

/// Means over frames; gap: over tracks. macs and time: shares of the backbone's.
struct figures {
  double macs = 1.0, time = 1.0, accuracy = 0.0, backbone = 0.0, gap = 0.0;
};

template <class Network>
class study {
  static constexpr auto exits = static_cast<std::size_t>(Network::exit_count);
  static constexpr int classes = lowered<Network>::classes;
  static constexpr exit_risk promised{exit_loss::accuracy_gap, exit_unit::clip};
  using policy = entropy_confidence<Network>;

 public:
  explicit study(const request& r) : request_(r) {
    examples::require(load(r.weights, *weights_));
    exit_costs costs;
    for (const exit_point& e : lowered<Network>::exits) {
      costs.trunk.push_back(static_cast<double>(e.trunk_macs) /
                            static_cast<double>(lowered<Network>::trunk_macs));
      costs.branch.push_back(static_cast<double>(e.branch_macs) /
                             static_cast<double>(lowered<Network>::trunk_macs));
    }
    const exit_thresholds none(exits - 1, never_leave);
    path_cost_ = path_costs(costs, none);
    if (r.held.empty()) {
      const auto& level = Network::risk_levels[examples::shipped_level<Network>(r.risk)];
      path_ = {{{level.thresholds.begin(), level.thresholds.end()}}};
    } else {
      const image_set held = examples::load_images(r.held, Network::data::frame, classes);
      const examples::held_parts parts(held, r.search_share);
      if (parts.unit != exit_unit::clip || parts.searched == 0 || parts.calibrated == 0) {
        throw std::runtime_error(r.held.front() +
                                 ": has no tracks: a table beside it says which images are one");
      }
      search_ = trace_of(*weights_, held, in_time(held, parts.search));
      calibration_ = trace_of(*weights_, held, in_time(held, parts.calibration));
      tracks_ = parts.calibrated;
      path_ = threshold_path(examples::scored<policy>(search_), costs, none, all_of(search_));
    }
    report_ = examples::load_images(r.report, Network::data::frame, classes);
    order_.resize(report_.size());
    std::iota(order_.begin(), order_.end(), 0U);
    order_ = in_time(report_, order_);
    examples::track_order some;
    std::ranges::copy_if(order_, std::back_inserter(some),
                         [&](std::uint32_t i) { return report_.frames[i] % r.every == r.every - 1; });
    if (some.empty()) throw std::runtime_error("--every leaves no frame to report on");
    whole_ = trace_of(*weights_, report_, order_);
    thinned_ = trace_of(*weights_, report_, some);
  }

  void tell() {
    using side = text_table::side;
    text_table table({{"", side::left},
                      {"gate"},
                      {"decay"},
                      {"cut"},
                      {"MACs"},
                      {"accuracy"},
                      {"gap"},
                      {"MACs"},
                      {"time"},
                      {"accuracy"},
                      {"gap"}});
    const auto percent = [](double share) { return examples::text_of("%.2f", 100.0 * share); };
    const auto number = [](float f) {
      return f > 0.0F ? examples::text_of("%g", static_cast<double>(f)) : "";
    };
    const auto object = [](const figures& f) {
      return json{{"macs", f.macs}, {"accuracy", f.accuracy}, {"gap", f.gap}};
    };
    json rows = json::array();
    for (const temporal_way w : examples::temporal_ways) {
      const bool held = !request_.held.empty();
      if (!held && w == temporal_way::patience) continue;  // it wants a path to be lenient on
      const temporal_setting s = held ? search(w) : given(w);
      const std::optional<std::size_t> step = held ? calibrated(s) : 0;
      if (!step) {
        table.line(std::string(name_of(w)) + ": its safest setting keeps no such risk");
        rows.push_back({{"way", name_of(w)}, {"step", nullptr}});
        continue;
      }
      const figures some = replayed(thinned_, s, *step), all = replayed(whole_, s, *step);
      const double time = measured(s, *step);
      table.row({std::string(name_of(w)), number(s.gate), number(s.decay), number(s.cut), percent(some.macs),
                 percent(some.accuracy), percent(some.gap), percent(all.macs), percent(time),
                 percent(all.accuracy), percent(all.gap)});
      rows.push_back({{"way", name_of(w)},
                      {"gate", s.gate},
                      {"decay", s.decay},
                      {"cut", s.cut},
                      {"lenience", s.lenience},
                      {"step", *step},
                      {"thinned", object(some)},
                      {"whole", object(all)},
                      {"time", time}});
    }
    const double some = accuracy(thinned_), all = accuracy(whole_);
    if (request_.json) {
      const json line{
          {"risk", request_.risk}, {"tracks", tracks_}, {"ways", rows}, {"backbone", {some, all}}};
      std::printf("%s\n", line.dump().c_str());
      return;
    }
    std::printf("%s at risk %g, %s\n", request_.model.c_str(), request_.risk,
                tracks_ > 0 ? ("calibrated on " + std::to_string(tracks_) + " tracks").c_str()
                            : "nothing calibrated over time");
    std::printf(
        "%zu frames, one of %d, then %zu, all; of the backbone, %%; it is right on %s and %s %%\n\n%s",
        thinned_.frames(), request_.every, whole_.frames(), percent(some).c_str(), percent(all).c_str(),
        table.text().c_str());
  }

 private:
  [[nodiscard]] static frame_set all_of(const logit_trace& t) {
    frame_set every(t.frames());
    std::iota(every.begin(), every.end(), std::size_t{0});
    return every;
  }

  /// By the backbone.
  [[nodiscard]] static double accuracy(const logit_trace& t) {
    double right = 0.0;
    for (std::size_t i = 0; i < t.frames(); ++i) right += t.label(exits - 1, i) == t.truth(i) ? 1.0 : 0.0;
    return right / static_cast<double>(t.frames());
  }

  /// Of a step on the path, or its end.
  [[nodiscard]] policy at(std::size_t step) const {
    std::array<float, exits - 1> values;
    std::ranges::copy(path_[std::min(step, path_.size() - 1)].thresholds, values.begin());
    return policy(thresholds(values));
  }

  template <class Use>
  auto with_policy(const temporal_setting& s, std::size_t step, const std::size_t& clip, Use use) const {
    return examples::with_policy<classes>(s, at(step), at(step + s.lenience), clip, use);
  }

  [[nodiscard]] std::vector<replayed_answer> answers(const logit_trace& t, const temporal_setting& s,
                                                     std::size_t step) const {
    std::size_t clip = 0;
    return with_policy(s, step, clip, [&](const auto& p) { return replay(t, all_of(t), p, clip); });
  }

  [[nodiscard]] double cost(std::span<const replayed_answer> all) const {
    double sum = 0.0;
    for (const replayed_answer& a : all) sum += path_cost_[a.exit];
    return sum / static_cast<double>(all.size());
  }

  [[nodiscard]] temporal_setting given(temporal_way w) const {
    temporal_setting s{w};
    const bool both = w == temporal_way::gated_average || w == temporal_way::cut;
    if (both || w == temporal_way::gate) s.gate = request_.gate;
    if (both || w == temporal_way::average) s.decay = request_.decay;
    if (w == temporal_way::cut) s.cut = usual_scene_cut;
    return s;
  }

  /// The setting that is cheapest where the tracks to search with lose half the risk. Those that keep just
  /// the whole of it there lose more on the other tracks as often as not: the gate did so at 2 %.
  [[nodiscard]] temporal_setting search(temporal_way w) const {
    temporal_setting best{w};
    double least = std::numeric_limits<double>::infinity();
    for (const temporal_setting& s : examples::settings_of(w)) {
      for (std::size_t step = 0; step < path_.size(); ++step) {
        const auto a = answers(search_, s, step);
        if (mean_loss(losses_of(search_, a, all_of(search_), promised)) > 0.5 * request_.risk) break;
        if (cost(a) < least) least = cost(a), best = s;
      }
    }
    return best;
  }

  [[nodiscard]] std::optional<std::size_t> calibrated(const temporal_setting& s) const {
    loss_table table{.fractional = true, .settings = {}};
    for (std::size_t step = 0; step < path_.size(); ++step) {
      const auto a = answers(calibration_, s, step);
      table.settings.push_back(losses_of(calibration_, a, all_of(calibration_), promised));
    }
    if (request_.delta > 0.0) return learn_then_test{request_.risk, request_.delta}.choose(table);
    return conformal_risk_control{request_.risk}.choose(table);
  }

  [[nodiscard]] figures replayed(const logit_trace& t, const temporal_setting& s, std::size_t step) const {
    const auto a = answers(t, s, step);
    figures f{.macs = cost(a), .gap = mean_loss(losses_of(t, a, all_of(t), promised))};
    for (std::size_t i = 0; i < a.size(); ++i) f.accuracy += a[i].label == t.truth(i) ? 1.0 : 0.0;
    f.accuracy /= static_cast<double>(a.size());
    return f;
  }

  [[nodiscard]] double measured(const temporal_setting& s, std::size_t step) const {
    std::size_t clip = 0;
    return with_policy(s, step, clip, [&](const auto& p) {
      return examples::time_share(*weights_, p, report_, order_, clip, answers(whole_, s, step));
    });
  }

  const request& request_;
  std::unique_ptr<packed<Network>> weights_ = std::make_unique<packed<Network>>();
  std::vector<double> path_cost_;  ///< to each exit, as shares of the backbone's MACs
  std::vector<pareto_point> path_;
  logit_trace search_{exits, 1}, calibration_{exits, 1}, whole_{exits, 1}, thinned_{exits, 1};
  image_set report_;
  examples::track_order order_;
  std::size_t tracks_ = 0;  ///< that calibrated
};

void run(request r) {
  r.weights = examples::shipped_weights(r.model, r.weights);
  examples::with_shipped_network(r.model, [&]<class Network>() { study<Network>(r).tell(); });
}

}  // namespace

int main(int argc, char** argv) {
  request r;
  CLI::App app{"What policies over time save on tracks.", "temporal"};
  app.add_option("--model", r.model, examples::shipped_networks)->required();
  app.add_option("--held", r.held,
                 "records held from training, a table beside them with `track` and `frame`");
  app.add_option("--report", r.report, "records to report on, likewise")->required();
  app.add_option("--weights", r.weights, "safetensors file; default: weights/MODEL.safetensors");
  app.add_option("--risk", r.risk, "accuracy that may be lost, as a share of a track's frames")
      ->check(CLI::Range(1e-6, 1.0))
      ->capture_default_str();
  app.add_option("--delta", r.delta, "probability of more loss (Learn-then-Test); 0: the risk is of the mean")
      ->check(CLI::Range(0.0, 0.999))
      ->capture_default_str();
  app.add_option("--every", r.every, "the tracks held have one frame of so many")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  app.add_option("--gate", r.gate, "without --held: difference within which a frame is the last one again")
      ->excludes("--held")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  app.add_option("--decay", r.decay, "without --held: weight of a frame in the next one's average")
      ->excludes("--held")
      ->check(CLI::Range(0.0, 0.999))
      ->capture_default_str();
  app.add_flag("--json", r.json, "one JSON line");
  return examples::run_program(app, argc, argv, [&] { run(r); });
}
