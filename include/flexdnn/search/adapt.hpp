// SPDX-License-Identifier: MIT
// adapt: from a plain backbone and labelled images to exits: branches trained and pruned, placed, calibrated.
#pragma once

#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "../calibrate/calibrate.hpp"
#include "candidate_trainer.hpp"
#include "choose_exits.hpp"
#include "emit.hpp"
#include "prune_branch.hpp"

namespace flexdnn {

struct adaptation {
  std::vector<int> cuts;        ///< candidate positions; empty: default_cuts
  int first_epochs = 2;         ///< of the over-parameterised branches, before anything is removed
  int rounds = 6;               ///< removals tried of each branch; 0: none
  int round_epochs = 1;         ///< of each, beside as much more training of what it is compared with
  std::size_t images = 10'000;  ///< of these epochs; final training takes all
  pruning_rule rule = pruning_rule::expected_cost;
  double tolerance = 0.0;
  candidate_training training{};  ///< of the branches that remain
  loss_limit limit{.most = 0.005};
};

/// Every cut point between a tenth and nineteen twentieths of the backbone's MACs whose map has pixels.
template <class Backbone>
[[nodiscard]] std::vector<int> default_cuts() {
  std::vector<int> cuts;
  for (int cut = 1; cut <= trunk_probe<Backbone>::cuts; ++cut) {
    const double share = static_cast<double>(trunk_probe<Backbone>::macs(cut)) /
                         static_cast<double>(lowered<Backbone>::trunk_macs);
    if (share >= 0.1 && share <= 0.95 && trunk_probe<Backbone>::extent(cut).pixels() > 1) cuts.push_back(cut);
  }
  return cuts;
}

/// What a candidate is worth were it the only exit, at the cheapest threshold whose expected loss keeps the
/// limit. (By a quantile instead of a model of the loss, rates of 1,000 frames at 0.5 % hang on five of
/// them.)
[[nodiscard]] inline branch_score score_of(const exit_trace& trace, std::size_t exit, const exit_costs& costs,
                                           const loss_limit& limit) {
  const frame_set all = trace.all();
  const exit_choice alone = settings_of({exit}, trace, costs, all, limit);
  const exit_thresholds& t = alone.path[alone.setting].thresholds;
  return {apply(trace, costs, t, all).left_at[exit], alone.cost()};
}

/// Where an adaptation stands: it can be saved after every call, and taken up again.
template <class Backbone, class Data>
class adapter {
 public:
  using trainer = candidate_trainer<Backbone, Data>;
  using frames = labelled_frames<Data>;
  using say = std::function<void(const std::string&)>;

  /// search: images that no training has seen, for every decision; calibration and report take others.
  adapter(const weights<Backbone>& w, const frames& train, const frames& search, adaptation options, say tell,
          unsigned threads = 0)
      : trainer_(w, threads),
        train_(train),
        search_(search),
        options_(std::move(options)),
        tell_(std::move(tell)) {
    if (options_.cuts.empty()) options_.cuts = default_cuts<Backbone>();
  }

  [[nodiscard]] trainer& engine() { return trainer_; }
  [[nodiscard]] std::vector<exit_candidate>& candidates() { return candidates_; }
  [[nodiscard]] const std::vector<branch_search>& searches() const { return searches_; }

  /// What is wrong with the options, before anything is trained. Errors: bad_option.
  [[nodiscard]] status check() const {
    if (search_.size() == 0) {
      return status::error(code::bad_option, "adaptation: got no images to search on, wanted one or more");
    }
    if (!(options_.limit.most > 0.0 && options_.limit.most < 1.0) || options_.rounds < 0 ||
        !(options_.tolerance >= 0.0)) {
      return status::error(
          code::bad_option,
          "adaptation: a limit of %g, %d rounds, a tolerance of %g: wanted a limit between 0 and 1, and "
          "nothing below 0",
          options_.limit.most, options_.rounds, options_.tolerance);
    }
    int before = 0;
    for (const int cut : options_.cuts) {
      if (cut <= before || cut > trunk_probe<Backbone>::cuts) {
        return status::error(
            code::bad_option,
            "adaptation: cut point %d after %d: wanted them in order, from 1 to %d, none twice", cut, before,
            trunk_probe<Backbone>::cuts);
      }
      before = cut;
    }
    if (options_.cuts.empty())
      return status::error(code::bad_option, "adaptation: the backbone has no place for an exit");
    return {};
  }

  /// The paper's start at every position, trained a little. Errors: those of check and of training.
  status start() {
    if (const status s = check(); !s) return s;
    random_generator random(options_.training.seed, 3);
    candidates_.clear();
    for (const int cut : options_.cuts) {
      const shape map = trunk_probe<Backbone>::extent(cut);
      candidates_.push_back(
          {cut, drawn(branch_design::over_parameterised(map, lowered<Backbone>::classes), random)});
    }
    return train(candidates_, options_.first_epochs);
  }

  /// Top-down: in each round every branch is trained beside itself with something removed, all on one pass of
  /// the trunk; the removal stays if the branch is better with it on the search images.
  status prune() {
    random_generator random(options_.training.seed, 4);
    searches_.clear();
    const std::vector<branch_score> scores = scores_of(candidates_);
    for (std::size_t c = 0; c < candidates_.size(); ++c)
      searches_.emplace_back(candidates_[c].branch, scores[c]);
    for (int round = 0; round < options_.rounds; ++round) {
      std::vector<exit_candidate> both;
      for (std::size_t c = 0; c < searches_.size(); ++c) {
        if (searches_[c].done()) continue;
        both.push_back({candidates_[c].cut, searches_[c].best()});
        both.push_back({candidates_[c].cut, searches_[c].propose(random)});
      }
      if (both.empty()) break;
      if (const status s = train(both, options_.round_epochs); !s) return s;
      const std::vector<branch_score> got = scores_of(both);
      int accepted = 0;
      for (std::size_t c = 0, at = 0; c < searches_.size(); ++c) {
        branch_search& search = searches_[c];
        if (search.done()) continue;
        search.replace(both[at].branch.parameters);
        search.judge(both[at + 1].branch, got[at + 1], got[at], options_.rule, options_.tolerance);
        accepted += search.steps().back().accepted ? 1 : 0;
        at += 2;
      }
      tell_("round " + std::to_string(round + 1) + ": " + std::to_string(accepted) + " of " +
            std::to_string(both.size() / 2) + " removals stay");
    }
    for (std::size_t c = 0; c < candidates_.size(); ++c) candidates_[c].branch = searches_[c].best();
    return {};
  }

  /// All images, all epochs.
  status finish() {
    return trainer_.train(
        candidates_, train_, options_.training, [&](int epoch, const std::vector<double>& losses) {
          double mean = 0.0;
          for (const double l : losses) mean += l / static_cast<double>(losses.size());
          tell_("epoch " + std::to_string(epoch + 1) + ": mean loss " + std::to_string(mean));
          return status{};
        });
  }

  /// All three.
  status run() {
    for (status (adapter::*step)() : {&adapter::start, &adapter::prune, &adapter::finish}) {
      if (const status s = (this->*step)(); !s) return s;
    }
    return {};
  }

  /// Chooses exits and a path of their thresholds on the search images. costs: of all candidates, in any
  /// unit.
  void place(const exit_costs& costs) {
    const exit_trace trace = trainer_.trace(candidates_, search_);
    const frame_set all = trace.all();
    exit_choice choice = choose_exits(trace, costs, all, options_.limit);
    kept_.clear();
    for (const std::size_t e : choice.kept) kept_.push_back(candidates_[e]);
    path_ = std::move(choice.path);
    for (pareto_point& p : path_) std::erase(p.thresholds, no_exit);
  }
  void place() { place(trainer::macs(candidates_)); }

  /// What place chose.
  [[nodiscard]] const std::vector<exit_candidate>& kept() const { return kept_; }
  [[nodiscard]] const std::vector<pareto_point>& path() const { return path_; }

  /// The network that place chose, without a name, its thresholds calibrated by each rule on images that
  /// nothing was decided on. clips: as trace. Errors: those of calibrate.
  template <class Rule>
  status calibrated_network(const frames& images, std::span<const int> clips, exit_risk risk,
                            std::span<const Rule> rules, adapted_network& out) {
    const exit_trace trace = trainer_.trace(kept_, images, clips);
    const frame_set all = trace.all();
    adapted_network net;
    for (const exit_candidate& c : kept_)
      net.exits.push_back({c.cut, "after_" + std::to_string(c.cut), c.branch});
    for (const Rule& rule : rules) {
      calibrated c;
      if (const status s = calibrate(trace, path_, all, rule, risk, c); !s) return s;
      net.levels.push_back({rule.alpha, c.thresholds});
    }
    out = std::move(net);
    return {};
  }

 private:
  status train(std::vector<exit_candidate>& some, int epochs) {
    candidate_training options = options_.training;
    options.epochs = epochs;
    options.seed += ++trainings_;
    return trainer_.train(some, train_.first(options_.images), options,
                          [](int, const std::vector<double>&) { return status{}; });
  }

  [[nodiscard]] std::vector<branch_score> scores_of(std::span<const exit_candidate> some) {
    const exit_trace trace = trainer_.trace(some, search_);
    const exit_costs costs = trainer::macs(some);
    std::vector<branch_score> scores;
    for (std::size_t c = 0; c < some.size(); ++c) scores.push_back(score_of(trace, c, costs, options_.limit));
    return scores;
  }

  trainer trainer_;
  frames train_, search_;
  adaptation options_;
  say tell_;
  std::vector<exit_candidate> candidates_;
  std::vector<branch_search> searches_;
  std::vector<exit_candidate> kept_;
  std::vector<pareto_point> path_;
  std::uint64_t trainings_ = 0;
};

}  // namespace flexdnn
