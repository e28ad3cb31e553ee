// SPDX-License-Identifier: MIT
// simulation: made-up traces, and calibration sets drawn with replacement from a pool whose mean loss is the
// truth.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <flexdnn/calibrate/exit_trace.hpp>
#include <flexdnn/calibrate/loss_table.hpp>
#include <optional>
#include <random>
#include <vector>

namespace simulation {

/// Clips of so many frames, of ten classes, that are as hard as their clip is; later exits are more often
/// right, and sure when they are.
inline flexdnn::exit_trace trace_of(std::size_t frames, std::size_t exits, unsigned seed,
                                    std::size_t clip_frames = 1, bool labelled = true) {
  std::mt19937 random(seed);
  const auto uniform = [&] { return static_cast<double>(random()) * 0x1p-32; };
  flexdnn::exit_trace trace(exits);
  double hardness = 0.0;
  for (std::size_t i = 0; i < frames; ++i) {
    if (i % clip_frames == 0) hardness = uniform();
    const int truth = static_cast<int>(random() % 10);
    std::vector<int> labels;
    std::vector<float> confidences;
    for (std::size_t e = 0; e < exits; ++e) {
      const double ability = 0.4 + 0.5 * static_cast<double>(e + 1) / static_cast<double>(exits);
      const double wrong = hardness * hardness * (1.0 - 0.8 * ability);
      labels.push_back(uniform() < wrong ? (truth + 1) % 10 : truth);
      confidences.push_back(static_cast<float>((1.0 - wrong) * (0.6 + 0.4 * uniform())));
    }
    trace.add(labels, confidences, labelled ? truth : flexdnn::exit_trace::unlabelled,
              static_cast<int>(i / clip_frames));
  }
  return trace;
}

inline flexdnn::frame_set frames_from(std::size_t first, std::size_t end) {
  flexdnn::frame_set chosen;
  for (std::size_t i = first; i < end; ++i) chosen.push_back(i);
  return chosen;
}

/// So many settings that lower all thresholds together, from never_leave.
inline std::vector<flexdnn::pareto_point> lowered_together(std::size_t exits, std::size_t settings) {
  std::vector<flexdnn::pareto_point> path;
  for (std::size_t s = 0; s < settings; ++s) {
    const float t = 1.0F - static_cast<float>(s) / static_cast<float>(settings);
    path.push_back({flexdnn::exit_thresholds(exits - 1, t)});
  }
  return path;
}

struct verdict {
  double exceeds = 0.0;            ///< share of the draws in which the risk of the choice is above alpha
  double mean = 0.0, error = 0.0;  ///< of the risk, over draws
  int draws = 0;

  /// Learn-then-Test's promise, to three standard errors.
  [[nodiscard]] bool probably_within(double delta) const {
    return exceeds <= delta + 3.0 * std::sqrt(delta * (1.0 - delta) / draws);
  }
  /// Conformal risk control's.
  [[nodiscard]] bool within_on_average(double alpha) const { return mean <= alpha + 3.0 * error; }
};

/// Just below the risk of a setting: a rule that lets it pass when it should not is caught, and one that
/// never does is tested where its promise is tight.
inline double just_below(const flexdnn::unit_losses& setting) { return 0.97 * flexdnn::mean_loss(setting); }

/// choose(table): a setting's number, or none, which stands for a network that never leaves early and loses
/// nothing.
template <class Choose>
verdict judge(const flexdnn::loss_table& pool, std::size_t units, double alpha, Choose choose) {
  std::vector<double> truth;
  for (const flexdnn::unit_losses& losses : pool.settings) truth.push_back(flexdnn::mean_loss(losses));
  std::mt19937 random(5);
  verdict v{.draws = 1000};
  double squares = 0.0;
  std::vector<std::size_t> drawn(units);
  flexdnn::loss_table table = pool;
  for (int r = 0; r < v.draws; ++r) {
    for (std::size_t& i : drawn) i = random() % pool.settings.front().size();
    for (std::size_t s = 0; s < pool.settings.size(); ++s) {
      table.settings[s].resize(units);
      for (std::size_t j = 0; j < units; ++j) table.settings[s][j] = pool.settings[s][drawn[j]];
    }
    const std::optional<std::size_t> chosen = choose(table);
    const double risk = chosen ? truth[*chosen] : 0.0;
    v.exceeds += (risk > alpha ? 1.0 : 0.0) / v.draws;
    v.mean += risk / v.draws;
    squares += risk * risk / v.draws;
  }
  v.error = std::sqrt(std::max(0.0, squares - v.mean * v.mean) / v.draws);
  return v;
}

/// A mistake that public code makes: the first setting that fails, and not the one before it.
template <class Rule>
auto first_failing(const Rule& rule) {
  return [rule](const flexdnn::loss_table& table) -> std::optional<std::size_t> {
    const std::optional<std::size_t> passed = rule.choose(table);
    return std::min(passed ? *passed + 1 : 0, table.settings.size() - 1);
  };
}

}  // namespace simulation
