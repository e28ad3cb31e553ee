// SPDX-License-Identifier: MIT
#include "systems.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <flexdnn/calibrate/calibrate.hpp>
#include <flexdnn/calibrate/screen_thresholds.hpp>
#include <flexdnn/calibrate/threshold_path.hpp>
#include <numeric>
#include <stdexcept>

#include "replay.hpp"

namespace comparators {

double played::accuracy(const std::vector<int>& truth) const {
  std::size_t right = 0;
  for (std::size_t i = 0; i < truth.size(); ++i) right += labels[i] == truth[i] ? 1U : 0U;
  return static_cast<double>(right) / static_cast<double>(truth.size());
}
double played::mean_seconds() const {
  return std::accumulate(seconds.begin(), seconds.end(), 0.0) / static_cast<double>(seconds.size());
}
double played::mean_macs() const {
  return std::accumulate(macs.begin(), macs.end(), 0.0) / static_cast<double>(macs.size());
}

std::vector<played> fixed(const three_traces& t) {
  std::vector<played> all;
  for (const variant_trace& v : t.report.variants) {
    if (v.system != "width" && v.system != "nested") continue;
    player p(v.system == "width" ? "fixed width" : "NestDNN", v.name, t.report);
    for (std::size_t i = 0; i < t.report.frames(); ++i) p.run(v, i);
    all.push_back(p.done(v.parameter_bytes + v.engine_bytes));
  }
  return all;
}

std::vector<played> bag_oracle(const three_traces& t) {
  const std::vector<std::size_t> widths = cheapest_first(t.report, "width");
  player p("bag of models", "oracle", t.report);
  std::size_t bytes = 0;
  for (const std::size_t v : widths)
    bytes += t.report.variants[v].parameter_bytes + t.report.variants[v].engine_bytes;
  for (std::size_t i = 0; i < t.report.frames(); ++i) {
    const auto right = std::ranges::find_if(
        widths, [&](std::size_t v) { return t.report.variants[v].labels[0][i] == t.report.truth[i]; });
    p.run(t.report.variants[right == widths.end() ? widths.back() : *right], i);
  }
  return {p.done(bytes)};
}

namespace {

constexpr std::array risks{0.0025, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.03, 0.04, 0.06, 0.08, 0.1, 0.15, 0.2};

/// One part of a trace after another.
flexdnn::exit_trace exits_of(const std::vector<const stream_trace*>& parts, std::size_t v, bool entropy) {
  flexdnn::exit_trace trace(parts[0]->variants[v].exits.size());
  int first_clip = 0;
  for (const stream_trace* const part : parts) {
    const variant_trace& one = part->variants[v];
    std::vector<int> labels(trace.exits());
    std::vector<float> scores(trace.exits());
    for (std::size_t i = 0; i < part->frames(); ++i) {
      for (std::size_t e = 0; e < trace.exits(); ++e) {
        labels[e] = one.labels[e][i];
        scores[e] = entropy ? one.confidences[e][i] - 1.0F : one.confidences[e][i];
      }
      trace.add(labels, scores, part->truth[i], first_clip + part->clip[i]);
    }
    first_clip += part->clip.back() + 1;
  }
  return trace;
}

/// Branches are charged as part of the trunk between exits: a path's costs are all that is needed.
flexdnn::exit_costs costs_of(const variant_trace& v) {
  flexdnn::exit_costs costs;
  for (const exit_path& e : v.exits) {
    costs.trunk.push_back(static_cast<double>(e.macs));
    costs.branch.push_back(0.0);
  }
  return costs;
}

struct setting {
  double risk;
  flexdnn::exit_thresholds thresholds;
};

/// Along a path that was searched, calibrated for each risk.
std::vector<setting> calibrated_settings(const three_traces& t, std::size_t v) {
  const flexdnn::exit_trace search = exits_of({&t.search}, v, false),
                            calibrating = exits_of({&t.calibrate}, v, false);
  const flexdnn::exit_thresholds start(search.exits() - 1, flexdnn::never_leave);
  const auto path = flexdnn::threshold_path(search, costs_of(t.search.variants[v]), start, search.all());
  std::vector<setting> settings;
  for (const double risk : risks) {
    flexdnn::calibrated c;
    const flexdnn::status s =
        calibrate(calibrating, path, calibrating.all(), flexdnn::conformal_risk_control{risk},
                  {flexdnn::exit_loss::accuracy_gap, flexdnn::exit_unit::clip}, c);
    if (!s) throw std::runtime_error(s.message());
    settings.push_back({risk, c.thresholds});
  }
  return settings;
}

/// T on a grid of four an octave from 1e-4 of log C, in entropy over log C: confidence is 1 less that.
std::vector<setting> screened_settings(const three_traces& t, std::size_t v) {
  std::vector<float> grid;
  for (double h = 1e-4; h <= 1.0; h *= std::exp2(0.25)) grid.push_back(static_cast<float>(-h));
  const flexdnn::exit_trace chosen = exits_of({&t.search, &t.calibrate}, v, true);
  const auto screened =
      flexdnn::screen_thresholds(chosen, costs_of(t.search.variants[v]), grid, chosen.all());
  std::vector<setting> settings;
  for (const double loss : risks) {
    const flexdnn::pareto_point* const best = flexdnn::cheapest_within(loss, screened);
    settings.push_back({loss, best->thresholds});
    for (float& h : settings.back().thresholds) h = h == flexdnn::never_leave ? h : 1.0F + h;
  }
  return settings;
}

std::string percent(double share) {
  char text[32];
  std::snprintf(text, sizeof text, "%g %%", 100.0 * share);
  return text;
}

}  // namespace

std::vector<played> with_exits(const three_traces& t) {
  std::vector<played> all;
  for (std::size_t v = 0; v < t.report.variants.size(); ++v) {
    const variant_trace& one = t.report.variants[v];
    const bool branchynet = one.system == "branchynet";
    if (one.exits.size() < 2) continue;
    const std::string system = branchynet             ? "BranchyNet"
                               : one.system == "ours" ? "ours"
                                                      : "NestDNN with exits";
    for (const setting& s : branchynet ? screened_settings(t, v) : calibrated_settings(t, v)) {
      player p(system, (one.system == "nested_exits" ? one.name + ", " : "") + percent(s.risk), t.report);
      for (std::size_t i = 0; i < t.report.frames(); ++i) p.run(one, i, leaves_at(one, i, s.thresholds));
      all.push_back(p.done(one.parameter_bytes + one.engine_bytes));
      all.back().thresholds = s.thresholds;
    }
  }
  return all;
}

std::vector<played> edgeml(const three_traces& t) {
  const std::size_t ours = t.report.variants.size() - 1;
  const std::vector<setting> levels = calibrated_settings(t, ours);
  constexpr std::size_t interval = 30, features = 3;
  using feature_vector = std::array<double, features>;
  /// Of frames [first, first + interval), run at a level.
  struct interval_outcome {
    feature_vector seen;
    double accuracy = 0.0, cost = 0.0;
  };
  const auto replay = [&](const stream_trace& s, std::size_t first, std::size_t level) {
    const variant_trace& v = s.variants[ours];
    const std::size_t last = std::min(first + interval, s.frames());
    const double n = static_cast<double>(last - first);
    interval_outcome o{{1.0, 0.0, 0.0}};
    for (std::size_t i = first; i < last; ++i) {
      const std::size_t e = leaves_at(v, i, levels[level].thresholds);
      o.seen[1] += static_cast<double>(v.confidences[e][i]) / n;
      o.seen[2] += (e + 1 < v.exits.size() ? 1.0 : 0.0) / n;
      o.accuracy += (v.labels[e][i] == s.truth[i] ? 1.0 : 0.0) / n;
      o.cost += static_cast<double>(v.exits[e].macs) / static_cast<double>(v.exits.back().macs) / n;
    }
    return o;
  };
  std::vector<played> all;
  for (const double price : {0.01, 0.03, 0.1, 0.3, 1.0}) {
    // Least squares of each action's reward in the features of the interval before, whatever ran there.
    std::vector<feature_vector> weights;
    for (std::size_t action = 0; action < levels.size(); ++action) {
      normal_equations<features> sums;
      for (const stream_trace* const s : {&t.search, &t.calibrate}) {
        for (std::size_t first = interval; first < s->frames(); first += interval) {
          const interval_outcome now = replay(*s, first, action);
          for (std::size_t before = 0; before < levels.size(); ++before)
            sums.add(replay(*s, first - interval, before).seen, now.accuracy - price * now.cost);
        }
      }
      weights.push_back(sums.solve());
    }
    char name[32];
    std::snprintf(name, sizeof name, "price %g", price);
    player p("EdgeML", name, t.report);
    const variant_trace& v = t.report.variants[ours];
    std::size_t level = 0;
    for (std::size_t i = 0; i < t.report.frames(); ++i) {
      if (i > 0 && i % interval == 0) {
        const feature_vector seen = replay(t.report, i - interval, level).seen;
        const auto reward = [&](const feature_vector& w) {
          return std::inner_product(w.begin(), w.end(), seen.begin(), 0.0);
        };
        level = static_cast<std::size_t>(std::ranges::max_element(weights, {}, reward) - weights.begin());
      }
      p.run(v, i, leaves_at(v, i, levels[level].thresholds));
    }
    all.push_back(p.done(v.parameter_bytes + v.engine_bytes));
  }
  return all;
}

}  // namespace comparators
