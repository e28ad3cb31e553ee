// SPDX-License-Identifier: MIT
// candidate_trainer: trains exit branches that are data, all on one pass of a frozen backbone, and records
// what they say.
#pragma once

#include <map>
#include <numeric>

#include "../calibrate/exit_trace.hpp"
#include "../policy/entropy_confidence.hpp"
#include "../train/network_gradient.hpp"
#include "../train/optimiser.hpp"
#include "../train/progress_bar.hpp"
#include "../train/schedule.hpp"
#include "../train/thread_team.hpp"
#include "../train/training_loss.hpp"
#include "branch_runner.hpp"
#include "labelled_frames.hpp"
#include "trunk_probe.hpp"

namespace flexdnn {

/// A branch at a cut point of the backbone.
struct exit_candidate {
  int cut = 0;
  branch_candidate branch;
};

struct candidate_training {
  int epochs = 20;
  int batch = 128;
  double learning_rate = 2e-3;  ///< of Adam, down to 0 by a cosine
  double weight_decay = 1e-2;   ///< decoupled, of linear layers
  training_loss loss{};         ///< distillation: from the backbone's own answers
  augmentation images{};
  std::uint64_t seed = 1;
};

/// Where a training stands between two epochs: with the candidates all that it needs to go on.
struct training_position {
  int epochs = 0;                              ///< done
  std::vector<std::vector<float>> optimisers;  ///< the state of each candidate's; before the first: none
};

/// The backbone's weights are read, never written. Branches train independently, cross-entropy each (the
/// paper's loss with a frozen backbone). No result depends on the number of threads.
template <class Backbone, class Data>
class candidate_trainer {
  using probe = trunk_probe<Backbone>;
  static constexpr int classes = lowered<Backbone>::classes;

 public:
  using frames = labelled_frames<Data>;

  /// threads: 0 for one per core.
  explicit candidate_trainer(const weights<Backbone>& w, unsigned threads = 0)
      : trunk_(std::make_unique<typename probe::trunk>(w)), team_(threads) {
    for (std::size_t t = 0; t < team_.size(); ++t) {
      workers_.push_back({probe(*trunk_), std::vector<float>(Data::frame.size()),
                          std::vector<std::uint8_t>(Data::frame.size())});
    }
  }

  /// Trains all candidates for some epochs, Adam anew. report(epoch, mean loss of each) -> status is called
  /// after each; an error stops. Errors: bad_option, not_finite (a loss).
  template <class Report>
  status train(std::span<exit_candidate> candidates, const frames& images, const candidate_training& options,
               Report report, progress_style style = progress_style::automatic) {
    training_position from_the_start;
    return train(candidates, images, options, from_the_start, report, style);
  }

  /// The epochs that are left from a position, with the bits of a training that was never interrupted. The
  /// position moves on with the candidates, before each report.
  template <class Report>
  status train(std::span<exit_candidate> candidates, const frames& images, const candidate_training& options,
               training_position& position, Report report, progress_style style = progress_style::automatic) {
    const auto batch = static_cast<std::size_t>(options.batch);
    if (const status s = check(images, options); !s) return s;
    std::vector<training> all;
    for (exit_candidate& c : candidates) all.emplace_back(c, options);
    if (position.epochs > 0) {
      for (std::size_t c = 0; c < all.size(); ++c) all[c].rule.state = position.optimisers[c];
    }
    position.optimisers.resize(all.size());
    std::map<int, std::vector<float>> maps;
    for (const exit_candidate& c : candidates) maps[c.cut].resize(batch * probe::extent(c.cut).size());
    const std::size_t steps = images.size() / batch;
    const cosine_schedule schedule{options.learning_rate, 0.0,
                                   steps * static_cast<std::uint64_t>(options.epochs)};
    std::vector<std::uint32_t> order(images.size());
    std::iota(order.begin(), order.end(), 0U);
    random_generator shuffling(options.seed, 1);
    std::vector<int> labels(batch);
    std::vector<float> taught(batch * static_cast<std::size_t>(classes));
    for (int done = 0; done < position.epochs; ++done) shuffling.shuffle(std::span(order));
    std::uint64_t step = steps * static_cast<std::uint64_t>(position.epochs);
    for (int epoch = position.epochs; epoch < options.epochs; ++epoch) {
      shuffling.shuffle(std::span(order));
      std::vector<double> losses(candidates.size());
      progress_bar bar("epoch " + std::to_string(epoch + 1) + "/" + std::to_string(options.epochs),
                       steps * batch, style);
      for (std::size_t s = 0; s < steps; ++s, ++step) {
        team_.run(batch, [&](std::size_t i, std::size_t who) {
          worker& w = workers_[who];
          const std::size_t image = order[s * batch + i];
          // An image's augmentation depends on seed, epoch and its own number, not on who computes it.
          random_generator random(options.seed + static_cast<std::uint64_t>(epoch),
                                  10'000 + images.number(image));
          images.frame(image, options.images, random, w.bytes, w.frame);
          labels[i] = images.label(image);
          const auto scores =
              w.net.run(typename probe::frame(w.frame), [&](int cut, std::span<const float> map) {
                const auto found = maps.find(cut);
                if (found == maps.end()) return;
                std::copy(map.begin(), map.end(),
                          found->second.begin() + static_cast<std::ptrdiff_t>(i * map.size()));
              });
          std::ranges::copy(scores, taught.begin() + static_cast<std::ptrdiff_t>(i * scores.size()));
        });
        const double rate = schedule.rate(step);
        team_.run(all.size(), [&](std::size_t c) {
          all[c].update(options, labels, taught, maps.find(candidates[c].cut)->second, step + 1, rate);
        });
        for (std::size_t c = 0; c < all.size(); ++c) {
          if (!std::isfinite(all[c].loss)) {
            return status::error(
                code::not_finite,
                "candidate %zu at cut point %d: the loss is not finite at step %llu: lower the learning "
                "rate",
                c, candidates[c].cut, static_cast<unsigned long long>(step + 1));
          }
          losses[c] += all[c].loss / static_cast<double>(steps);
        }
        bar.advance(batch);
      }
      position.epochs = epoch + 1;
      for (std::size_t c = 0; c < all.size(); ++c) position.optimisers[c] = all[c].rule.state;
      if (const status s = report(epoch, losses); !s) return s;
    }
    return {};
  }

  /// What each candidate says of each image, in the order given, and the backbone at the end: exits of a
  /// trace. clips: a number for each image, or none. With the bits of the engine that the candidates are
  /// emitted into.
  [[nodiscard]] exit_trace trace(std::span<const exit_candidate> candidates, const frames& images,
                                 std::span<const int> clips = {}) {
    const std::size_t exits = candidates.size() + 1;
    std::vector<std::vector<branch_runner>> runners(team_.size());
    for (auto& own : runners) {
      for (const exit_candidate& c : candidates) own.emplace_back(c.branch);
    }
    std::vector<int> labels(images.size() * exits);
    std::vector<float> confidences(images.size() * exits);
    team_.run(images.size(), [&](std::size_t i, std::size_t who) {
      worker& w = workers_[who];
      const auto note = [&](std::size_t exit, std::span<const float> scores) {
        labels[i * exits + exit] = static_cast<int>(std::ranges::max_element(scores) - scores.begin());
        confidences[i * exits + exit] = entropy_confidence_score::confidence(scores);
      };
      images.frame(i, w.frame);
      const auto final = w.net.run(typename probe::frame(w.frame), [&](int cut, std::span<const float> map) {
        for (std::size_t c = 0; c < candidates.size(); ++c) {
          if (candidates[c].cut == cut) note(c, runners[who][c].run(map.data()));
        }
      });
      note(exits - 1, final);
    });
    exit_trace result(exits);
    for (std::size_t i = 0; i < images.size(); ++i) {
      result.add(std::span(labels).subspan(i * exits, exits),
                 std::span(confidences).subspan(i * exits, exits), images.label(i),
                 clips.empty() ? static_cast<int>(i) : clips[images.number(i)]);
    }
    return result;
  }

  [[nodiscard]] const typename probe::trunk& trunk() const { return *trunk_; }

  /// MACs of the trunk to each candidate and of its branch; the backbone at the end.
  [[nodiscard]] static exit_costs macs(std::span<const exit_candidate> candidates) {
    exit_costs costs;
    for (const exit_candidate& c : candidates) {
      costs.trunk.push_back(static_cast<double>(probe::macs(c.cut)));
      costs.branch.push_back(static_cast<double>(c.branch.design.macs()));
    }
    costs.trunk.push_back(static_cast<double>(lowered<Backbone>::trunk_macs));
    costs.branch.push_back(0.0);
    return costs;
  }

 private:
  [[nodiscard]] static status check(const frames& images, const candidate_training& o) {
    if (o.batch < 2 || o.epochs < 1 || images.size() < static_cast<std::size_t>(o.batch)) {
      return status::error(
          code::bad_option,
          "training: a batch of %d from %zu images, %d epochs: wanted a batch of 2 or more, no larger "
          "than the data, and 1 epoch or more",
          o.batch, images.size(), o.epochs);
    }
    const training_loss& l = o.loss;
    if (!(o.learning_rate > 0.0) || !(o.weight_decay >= 0.0) || o.images.shift < 0 ||
        !(l.label_smoothing >= 0.0 && l.label_smoothing < 1.0) ||
        !(l.distillation >= 0.0 && l.distillation <= 1.0) || !(l.temperature > 0.0) || !l.weights.empty()) {
      return status::error(
          code::bad_option,
          "training: learning rate %g, weight decay %g, shift %d, label smoothing %g, distillation %g at "
          "temperature %g: wanted a rate and a temperature above 0, nothing below 0, a smoothing below "
          "1, a distillation up to 1, and no weights of exits",
          o.learning_rate, o.weight_decay, o.images.shift, l.label_smoothing, l.distillation, l.temperature);
    }
    return images.check_labels("training", classes);
  }

  struct worker {
    probe net;
    std::vector<float> frame;
    std::vector<std::uint8_t> bytes;
  };

  /// One candidate's gradient and optimiser, for one thread at a time: candidates are trained side by side.
  struct training {
    exit_candidate* candidate;
    std::unique_ptr<thread_team> alone = std::make_unique<thread_team>(1U);
    std::unique_ptr<network_gradient<float>> gradient;
    optimiser rule;
    std::vector<float> gradients;
    std::vector<std::vector<float>> dscores{1};
    double loss = 0.0;

    training(exit_candidate& c, const candidate_training& options)
        : candidate(&c),
          gradient(std::make_unique<network_gradient<float>>(c.branch.design.graph(), *alone)),
          rule(gradient->graph(), adam{.weight_decay = options.weight_decay}),
          gradients(c.branch.parameters.size()) {}

    void update(const candidate_training& options, std::span<const int> labels, std::span<const float> taught,
                const std::vector<float>& maps, std::uint64_t step, double rate) {
      const std::span<float> parameters = candidate->branch.parameters;
      gradient->forward(options.batch, maps.data(), parameters, step);
      loss = options.loss.of_exit(0, gradient->scores(0), taught, labels, dscores[0]);
      std::ranges::fill(gradients, 0.0F);
      gradient->backward(parameters, dscores, gradients);
      rule.update(trained_part::whole, step, rate, parameters, gradients, *alone);
    }
  };

  std::unique_ptr<typename probe::trunk> trunk_;
  thread_team team_;
  std::vector<worker> workers_;
};

}  // namespace flexdnn
