// SPDX-License-Identifier: MIT
// adapt: from a plain backbone and labelled images to exits: branches trained and pruned, placed, calibrated.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "../calibrate/calibrate.hpp"
#include "adaptation.hpp"
#include "adaptation_checkpoint.hpp"
#include "choose_exits.hpp"
#include "emit.hpp"
#include "measure_candidates.hpp"
#include "train_jointly.hpp"

namespace flexdnn {

/// An adaptation, by steps or at once; of several processes the first one tells and writes. With a checkpoint
/// it can be interrupted: the same data, options and backbone give the same bits, on any number of threads
/// and processes, resumed or not (unless costs are seconds).
class adapter {
 public:
  using say = std::function<void(const std::string&)>;

  /// backbone: freeze(weights). search: images that no training has seen, for every decision; calibration and
  /// report take others.
  adapter(std::unique_ptr<frozen_trunk> backbone, const labelled_frames& train, const labelled_frames& search,
          adaptation options, say tell, unsigned threads = 0, communicator& processes = alone())
      : trunk_(std::move(backbone)),
        processes_(processes),
        threads_(threads),
        trainer_(std::in_place, *trunk_, threads, processes),
        train_(train),
        search_(search),
        options_(std::move(options)),
        tell_(processes.rank() == 0 ? std::move(tell) : [](const std::string&) {}) {
    if (options_.cuts.empty()) options_.cuts = trunk_->default_cuts();
  }
  /// Runs the trunk as it is now.
  [[nodiscard]] candidate_trainer& engine() { return *trainer_; }
  /// As given, or as joint training has left it: what is emitted.
  [[nodiscard]] const frozen_trunk& trunk() const { return *trunk_; }
  /// Branches for this trunk, one at each cut point that was tried.
  [[nodiscard]] std::vector<exit_candidate>& candidates() { return state_.candidates; }
  [[nodiscard]] const std::vector<branch_search>& searches() const { return state_.searches; }

  /// What is wrong with the options, before anything is trained. Errors: bad_option.
  [[nodiscard]] status check() const {
    if (search_.size() == 0) {
      return status::error(code::bad_option, "adaptation: got no images to search on, wanted one or more");
    }
    const status s = search_.check("adaptation, images to search on", trunk_->frame(), trunk_->classes());
    return s ? options_.check(trunk_->cuts()) : s;
  }

  /// From now on path is written after every epoch and every round of pruning, and path + ".joint" after
  /// every epoch of joint training. What cannot be written ends the step with an error.
  void save_to(std::string path) {
    path_of_state_ = std::move(path);
    origin_ = origin();
  }
  /// Goes on from there, and saves there. Errors: those of check and read_adaptation; nothing changes then.
  status resume(const std::string& path) {
    if (const status s = check(); !s) return s;
    adaptation_state read;
    if (const status s = agree(processes_, read_adaptation(path, origin(), read)); !s) return s;
    const auto fits = [this](const exit_candidate& c, int cut) {
      return c.cut == cut && c.branch.design.in == trunk_->cut(cut).map &&
             c.branch.design.classes == trunk_->classes();
    };
    if (!std::ranges::equal(read.candidates, options_.cuts, fits)) {
      return status::error(code::malformed, "%s: its branches do not fit the backbone: the file is damaged",
                           quoted(path, keep::back).text());
    }
    state_ = std::move(read);
    save_to(path);
    return {};
  }

  /// In place of start: branches that are trained, at the options' cut points; rounds prune them and train
  /// them on. Errors: bad_option, and of saving.
  status take(std::vector<exit_candidate> trained) {
    if (!std::ranges::equal(trained, options_.cuts, {}, &exit_candidate::cut)) {
      return status::error(code::bad_option, "adaptation: the trained branches are for other cut points");
    }
    state_ = {.candidates = std::move(trained)};
    return options_.rounds > 0 ? enter(adaptation_stage::pruning) : begin_joint_training();
  }

  /// The paper's start at every position, trained a little. Errors, here and below: those of check, of
  /// training and of saving.
  status start() {
    if (const status s = check(); !s) return s;
    if (state_.stage > adaptation_stage::first_training) return {};
    if (state_.candidates.empty()) {
      random_generator random(options_.training.seed, 3);
      for (const int cut : options_.cuts) {
        const shape map = trunk_->cut(cut).map;
        state_.candidates.push_back(
            {cut, drawn(branch_design::over_parameterised(map, trunk_->classes()), random)});
      }
    }
    const candidate_training course = options_.short_training(options_.first_epochs, 1);
    if (const status s = train_stage(train_.first(options_.images), course); !s) return s;
    return enter(adaptation_stage::pruning);
  }

  /// Top-down: in each round every branch is trained beside itself with something removed, all on one pass
  /// of the trunk; the removal stays if the branch is better with it on the search images.
  status prune() {
    if (state_.stage > adaptation_stage::pruning) return {};
    std::vector<branch_search>& searches = state_.searches;
    if (searches.empty()) {
      const std::vector<branch_score> scores = scores_of(state_.candidates);
      for (std::size_t c = 0; c < scores.size(); ++c)
        searches.emplace_back(state_.candidates[c].branch, scores[c]);
    }
    while (state_.rounds < options_.rounds) {
      random_generator random(options_.training.seed, 4 + static_cast<std::uint64_t>(state_.rounds));
      std::vector<exit_candidate> both;
      for (std::size_t c = 0; c < searches.size(); ++c) {
        if (searches[c].done()) continue;
        both.push_back({state_.candidates[c].cut, searches[c].best()});
        both.push_back({state_.candidates[c].cut, searches[c].propose(random)});
      }
      if (both.empty()) break;
      const status s = trainer_->train(both, train_.first(options_.images),
                                       options_.short_training(options_.round_epochs, 2 + state_.rounds),
                                       [](int, const std::vector<double>&) { return status{}; });
      if (!s) return s;
      judge(both);
      ++state_.rounds;
      if (const status saved = agree(processes_, save()); !saved) return saved;
    }
    return enter(adaptation_stage::last_training);
  }

  /// All images, all epochs.
  status finish() {
    if (state_.stage > adaptation_stage::last_training) return {};
    return train_stage(train_, options_.training);
  }

  /// Mixed training, where the options ask for it: all candidates go on with the trunk, any distillation from
  /// the backbone as given. Exits are chosen after it: an early branch may be worth nothing before.
  status join() {
    if (options_.joint.epochs == 0 || joined_) return {};
    if (state_.stage < adaptation_stage::joint_training) {
      if (const status s = begin_joint_training(); !s) return s;
    }
    training course = options_.joint_course();
    course.threads = threads_;
    std::vector<float> values;
    const status s = train_jointly(
        *trunk_, values, std::span(state_.candidates), train_, course,
        path_of_state_.empty() ? "" : joint_path(),
        [&](const epoch_report& report) {
          tell_("trunk and exits, epoch " + std::to_string(report.epoch + 1) + ": loss at the end " +
                std::to_string(report.loss.back()));
        },
        [&](std::size_t worker, std::span<const float> frame, std::span<float> scores) {
          trainer_->answer(worker, frame, scores);
        },
        progress_style::automatic, processes_);
    if (!s) return s;
    trunk_ = trunk_->with(values);
    trainer_.emplace(*trunk_, threads_, processes_);
    joined_ = true;
    return {};
  }

  /// All four.
  status run() {
    status s;
    for (status (adapter::*step)() : {&adapter::start, &adapter::prune, &adapter::finish, &adapter::join})
      if (s) s = (this->*step)();
    return s;
  }

  /// In the unit that the options name.
  [[nodiscard]] exit_costs costs_of(std::span<const exit_candidate> some) const {
    if (options_.cost == saved_cost::macs) return trainer_->macs(some);
    std::vector<float> frame(search_.format().frame.size());
    search_.frame(0, frame);
    return measure_candidates(*trunk_, some, frame, processes_);
  }

  /// Chooses exits (kept) and a path of their thresholds on the search images.
  void place() {
    const exit_trace trace = trainer_->trace(state_.candidates, search_);
    exit_choice choice = choose_exits(trace, costs_of(state_.candidates), trace.all(), options_.limit);
    kept_.clear();
    for (const std::size_t e : choice.kept) kept_.push_back(state_.candidates[e]);
    path_ = std::move(choice.path);
    for (pareto_point& p : path_) std::erase(p.thresholds, no_exit);
  }

  [[nodiscard]] const std::vector<exit_candidate>& kept() const { return kept_; }
  [[nodiscard]] const std::vector<pareto_point>& path() const { return path_; }
  /// The network that place chose, without a name, calibrated by each rule on images that nothing was decided
  /// on. clips: as trace. Errors: those of calibrate.
  template <class Rule>
  status calibrated_network(const labelled_frames& images, std::span<const int> clips, exit_risk risk,
                            std::span<const Rule> rules, adapted_network& out) {
    const exit_trace trace = trainer_->trace(kept_, images, clips);
    adapted_network net;
    for (const exit_candidate& c : kept_) net.exits.push_back({c.cut, exit_name(c.cut), c.branch});
    for (const Rule& rule : rules) {
      calibrated c;
      if (const status s = calibrate(trace, path_, trace.all(), rule, risk, c); !s) return s;
      const double macs = apply(trace, trainer_->macs(kept_), c.thresholds, trace.all()).cost;
      net.levels.push_back({rule.alpha, c.thresholds, macs});
    }
    out = std::move(net);
    return {};
  }

 private:
  /// The candidates, from where a training of them stands.
  status train_stage(const labelled_frames& images, const candidate_training& options) {
    return trainer_->train(
        state_.candidates, images, options, state_.position,
        [&](int epoch, const std::vector<double>& losses) {
          double mean = 0.0;
          for (const double l : losses) mean += l / static_cast<double>(losses.size());
          tell_("branches, epoch " + std::to_string(epoch + 1) + ": mean loss " + std::to_string(mean));
          return save();
        });
  }

  /// both: each branch that is searched, then the same with a removal.
  void judge(std::span<exit_candidate> both) {
    const std::vector<branch_score> got = scores_of(both);
    std::size_t at = 0, accepted = 0;
    for (std::size_t c = 0; c < state_.searches.size(); ++c) {
      branch_search& search = state_.searches[c];
      if (search.done()) continue;
      search.replace(both[at].branch.parameters);
      search.judge(both[at + 1].branch, got[at + 1], got[at], options_.rule, options_.tolerance);
      accepted += search.steps().back().accepted ? 1U : 0U;
      state_.candidates[c].branch = search.best();
      at += 2;
    }
    tell_("round " + std::to_string(state_.rounds + 1) + ": " + std::to_string(accepted) + " of " +
          std::to_string(both.size() / 2) + " removals stay");
  }

  [[nodiscard]] std::vector<branch_score> scores_of(std::span<const exit_candidate> some) {
    const exit_trace trace = trainer_->trace(some, search_);
    const exit_costs costs = costs_of(some);
    std::vector<branch_score> scores;
    for (std::size_t c = 0; c < some.size(); ++c) scores.push_back(score_of(trace, c, costs, options_.limit));
    return scores;
  }

  /// What another course would come of.
  [[nodiscard]] std::vector<metadata_entry> origin() const {
    detail::fingerprint_sum sum;
    for (const float x : trunk_->values()) sum.add(std::uint64_t{std::bit_cast<std::uint32_t>(x)});
    return {{"options", options_.recipe()},
            {"backbone weights", std::to_string(sum.value)},
            {"training images", train_.fingerprint()},
            {"search images", search_.fingerprint()}};
  }

  status begin_joint_training() {
    // What an adaptation before this one left would be taken for this one's.
    if (!path_of_state_.empty() && processes_.rank() == 0) std::remove(joint_path().c_str());
    return enter(adaptation_stage::joint_training);
  }
  status enter(adaptation_stage stage) {
    state_.stage = stage;
    state_.position = {};
    return agree(processes_, save());
  }
  [[nodiscard]] status save() const {
    if (path_of_state_.empty() || processes_.rank() > 0) return {};
    return write_adaptation(path_of_state_, origin_, state_);
  }
  [[nodiscard]] std::string joint_path() const { return path_of_state_ + ".joint"; }

  std::unique_ptr<frozen_trunk> trunk_;
  communicator& processes_;
  unsigned threads_;
  std::optional<candidate_trainer> trainer_;
  labelled_frames train_, search_;
  adaptation options_;
  say tell_;
  std::string path_of_state_;  ///< empty: it is not saved
  std::vector<metadata_entry> origin_;
  adaptation_state state_;
  bool joined_ = false;
  std::vector<exit_candidate> kept_;
  std::vector<pareto_point> path_;
};

}  // namespace flexdnn
