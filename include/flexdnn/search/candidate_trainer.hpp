// SPDX-License-Identifier: MIT
// candidate_trainer: trains exit branches that are data, all on one pass of a frozen backbone, and records
// what they say.
#pragma once

#include <map>
#include <numeric>

#include "../calibrate/exit_trace.hpp"
#include "../policy/entropy_confidence.hpp"
#include "../train/communicator.hpp"
#include "../train/network_gradient.hpp"
#include "../train/optimiser.hpp"
#include "../train/progress_bar.hpp"
#include "../train/schedule.hpp"
#include "../train/thread_team.hpp"
#include "../train/training_loss.hpp"
#include "branch_runner.hpp"
#include "frozen_trunk.hpp"
#include "labelled_frames.hpp"

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

/// Branches train independently, cross-entropy each (the paper's loss with a frozen backbone). Several
/// processes each run the backbone and train some of the branches, and share the images of a trace. No bit
/// depends on the number of threads or processes.
class candidate_trainer {
 public:
  /// trunk: borrowed. threads: of a process, 0 for its share of the cores. processes: all of them make the
  /// same calls.
  explicit candidate_trainer(const frozen_trunk& trunk, unsigned threads = 0,
                             communicator& processes = alone())
      : trunk_(&trunk), processes_(processes), team_(threads_of(processes, threads)) {
    for (std::size_t t = 0; t < team_.size(); ++t) workers_.push_back({trunk.make_runner(), {}, {}});
  }

  /// Trains all candidates for some epochs, Adam anew. report(epoch, mean loss of each) -> status is called
  /// after each, by the first process; an error stops. Errors: bad_option, not_finite (a loss).
  template <class Report>
  status train(std::span<exit_candidate> candidates, const labelled_frames& images,
               const candidate_training& options, Report report,
               progress_style style = progress_style::automatic) {
    training_position from_the_start;
    return train(candidates, images, options, from_the_start, report, style);
  }

  /// The epochs that are left from a position, with the bits of a training that was never interrupted. The
  /// position moves on with the candidates, before each report.
  template <class Report>
  status train(std::span<exit_candidate> candidates, const labelled_frames& images,
               const candidate_training& options, training_position& position, Report report,
               progress_style style = progress_style::automatic) {
    const auto batch = static_cast<std::size_t>(options.batch);
    if (const status s = agree(processes_, check(images, options)); !s) return s;
    if (processes_.rank() > 0) style = progress_style::silent;
    std::vector<training> own;
    std::map<int, std::vector<float>> maps;
    for (std::size_t c = 0; c < candidates.size(); ++c) {
      if (owner(c) != processes_.rank()) continue;
      own.emplace_back(candidates[c], c, options);
      if (position.epochs > 0) own.back().rule.state = position.optimisers[c];
      maps[candidates[c].cut].resize(batch * trunk_->cut(candidates[c].cut).map.size());
    }
    position.optimisers.resize(candidates.size());
    const std::size_t steps = images.size() / batch;
    const cosine_schedule schedule{options.learning_rate, 0.0,
                                   steps * static_cast<std::uint64_t>(options.epochs)};
    std::vector<std::uint32_t> order(images.size());
    std::iota(order.begin(), order.end(), 0U);
    random_generator shuffling(options.seed, 1);
    std::vector<int> labels(batch);
    std::vector<float> taught(batch * static_cast<std::size_t>(trunk_->classes()));
    for (worker& w : workers_) w.frame.resize(images.format().frame.size()), w.bytes.resize(w.frame.size());
    for (int done = 0; done < position.epochs; ++done) shuffling.shuffle(std::span(order));
    std::uint64_t step = steps * static_cast<std::uint64_t>(position.epochs);
    for (int epoch = position.epochs; epoch < options.epochs; ++epoch) {
      shuffling.shuffle(std::span(order));
      std::vector<double> losses(candidates.size());
      status failure;
      progress_bar bar("epoch " + std::to_string(epoch + 1) + "/" + std::to_string(options.epochs),
                       steps * batch, style);
      for (std::size_t s = 0; s < steps && failure; ++s, ++step) {
        team_.run(batch, [&](std::size_t i, std::size_t who) {
          worker& w = workers_[who];
          const std::size_t image = order[s * batch + i];
          // An image's augmentation depends on seed, epoch and its own number, not on who computes it.
          random_generator random(options.seed + static_cast<std::uint64_t>(epoch),
                                  10'000 + images.number(image));
          images.frame(image, options.images, random, w.bytes, w.frame);
          labels[i] = images.label(image);
          const auto scores = w.net->run(w.frame, [&](int cut, std::span<const float> map) {
            const auto found = maps.find(cut);
            if (found == maps.end()) return;
            std::copy(map.begin(), map.end(),
                      found->second.begin() + static_cast<std::ptrdiff_t>(i * map.size()));
          });
          std::ranges::copy(scores, taught.begin() + static_cast<std::ptrdiff_t>(i * scores.size()));
        });
        const double rate = schedule.rate(step);
        team_.run(own.size(), [&](std::size_t t) {
          own[t].update(options, labels, taught, maps.find(own[t].candidate->cut)->second, step + 1, rate);
        });
        for (const training& t : own) {
          if (failure && !std::isfinite(t.loss)) {
            failure = status::error(
                code::not_finite,
                "candidate %zu at cut point %d: the loss is not finite at step %llu: lower the learning "
                "rate",
                t.number, t.candidate->cut, static_cast<unsigned long long>(step + 1));
          }
          losses[t.number] += t.loss / static_cast<double>(steps);
        }
        bar.advance(batch);
      }
      if (const status s = agree(processes_, failure); !s) return s;
      position.epochs = epoch + 1;
      for (const training& t : own) position.optimisers[t.number] = t.rule.state;
      for (std::size_t c = 0; c < candidates.size(); ++c) {
        std::vector<float>& parameters = candidates[c].branch.parameters;
        position.optimisers[c].resize(adam::state_per_parameter * parameters.size());
        processes_.broadcast(std::as_writable_bytes(std::span(parameters)), owner(c));
        processes_.broadcast(std::as_writable_bytes(std::span(position.optimisers[c])), owner(c));
        processes_.broadcast(std::as_writable_bytes(std::span(&losses[c], 1)), owner(c));
      }
      const status s = processes_.rank() == 0 ? report(epoch, losses) : status{};
      if (const status all = agree(processes_, s); !all) return all;
    }
    return {};
  }

  /// What each candidate says of each image, in the order given, and the backbone at the end: exits of a
  /// trace. clips: a number for each image, or none. With the bits of the engine that the candidates are
  /// emitted into.
  [[nodiscard]] exit_trace trace(std::span<const exit_candidate> candidates, const labelled_frames& images,
                                 std::span<const int> clips = {}) {
    const std::size_t exits = candidates.size() + 1;
    for (worker& w : workers_) w.frame.resize(images.format().frame.size());
    std::vector<std::vector<branch_runner>> runners(team_.size());
    for (auto& own : runners) {
      for (const exit_candidate& c : candidates) own.emplace_back(c.branch);
    }
    std::vector<int> labels(images.size() * exits);
    std::vector<float> confidences(images.size() * exits);
    const auto begin = [&](int rank) {
      return images.size() * static_cast<std::size_t>(rank) / static_cast<std::size_t>(processes_.size());
    };
    const std::size_t first = begin(processes_.rank());
    team_.run(begin(processes_.rank() + 1) - first, [&](std::size_t job, std::size_t who) {
      const std::size_t i = first + job;
      worker& w = workers_[who];
      const auto note = [&](std::size_t exit, std::span<const float> scores) {
        labels[i * exits + exit] = static_cast<int>(std::ranges::max_element(scores) - scores.begin());
        confidences[i * exits + exit] = entropy_confidence_score::confidence(scores);
      };
      images.frame(i, w.frame);
      const auto final = w.net->run(w.frame, [&](int cut, std::span<const float> map) {
        for (std::size_t c = 0; c < candidates.size(); ++c) {
          if (candidates[c].cut == cut) note(c, runners[who][c].run(map.data()));
        }
      });
      note(exits - 1, final);
    });
    for (int rank = 0; rank < processes_.size(); ++rank) {
      const std::size_t from = begin(rank) * exits, count = begin(rank + 1) * exits - from;
      processes_.broadcast(std::as_writable_bytes(std::span(labels).subspan(from, count)), rank);
      processes_.broadcast(std::as_writable_bytes(std::span(confidences).subspan(from, count)), rank);
    }
    exit_trace result(exits);
    for (std::size_t i = 0; i < images.size(); ++i) {
      result.add(std::span(labels).subspan(i * exits, exits),
                 std::span(confidences).subspan(i * exits, exits), images.label(i),
                 clips.empty() ? static_cast<int>(i) : clips[images.number(i)]);
    }
    return result;
  }

  /// What the backbone says of a frame, channels last and normalised: class scores. By a worker of the team,
  /// each for one thread at a time.
  void answer(std::size_t who, std::span<const float> frame, std::span<float> scores) {
    std::ranges::copy(workers_[who].net->run(frame, [](int, std::span<const float>) {}), scores.begin());
  }

  /// MACs of the trunk to each candidate and of its branch; the backbone at the end.
  [[nodiscard]] exit_costs macs(std::span<const exit_candidate> candidates) const {
    exit_costs costs;
    for (const exit_candidate& c : candidates) {
      costs.trunk.push_back(static_cast<double>(trunk_->cut(c.cut).macs));
      costs.branch.push_back(static_cast<double>(c.branch.design.macs()));
    }
    costs.trunk.push_back(static_cast<double>(trunk_->macs()));
    costs.branch.push_back(0.0);
    return costs;
  }

 private:
  [[nodiscard]] status check(const labelled_frames& images, const candidate_training& o) const {
    if (o.batch < 2 || o.epochs < 1 || images.size() < static_cast<std::size_t>(o.batch)) {
      return status::error(
          code::bad_option,
          "training: a batch of %d from %zu images, %d epochs: wanted a batch of 2 or more, no larger "
          "than the data, and 1 epoch or more",
          o.batch, images.size(), o.epochs);
    }
    const training_loss& l = o.loss;
    if (!(o.learning_rate > 0.0) || !(o.weight_decay >= 0.0) ||
        !(l.label_smoothing >= 0.0 && l.label_smoothing < 1.0) ||
        !(l.distillation >= 0.0 && l.distillation <= 1.0) || !(l.temperature > 0.0) || !l.weights.empty()) {
      return status::error(
          code::bad_option,
          "training: learning rate %g, weight decay %g, label smoothing %g, distillation %g at "
          "temperature %g: wanted a rate and a temperature above 0, nothing below 0, a smoothing below "
          "1, a distillation up to 1, and no weights of exits",
          o.learning_rate, o.weight_decay, l.label_smoothing, l.distillation, l.temperature);
    }
    if (const status s = o.images.check(); !s) return s;
    return images.check("training", trunk_->frame(), trunk_->classes());
  }

  /// The process that trains candidate c: neighbours in the list, which cost about the same, go to different
  /// ones.
  [[nodiscard]] int owner(std::size_t c) const {
    return static_cast<int>(c % static_cast<std::size_t>(processes_.size()));
  }

  struct worker {
    std::unique_ptr<frozen_trunk::runner> net;
    std::vector<float> frame;
    std::vector<std::uint8_t> bytes;
  };

  /// One candidate's gradient and optimiser, for one thread at a time: candidates are trained side by side.
  struct training {
    exit_candidate* candidate;
    std::size_t number;  ///< among all candidates
    std::unique_ptr<thread_team> alone = std::make_unique<thread_team>(1U);
    std::unique_ptr<network_gradient<float>> gradient;
    optimiser rule;
    std::vector<float> gradients;
    std::vector<std::vector<float>> dscores{1};
    double loss = 0.0;

    training(exit_candidate& c, std::size_t n, const candidate_training& options)
        : candidate(&c),
          number(n),
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

  const frozen_trunk* trunk_;
  communicator& processes_;
  thread_team team_;
  std::vector<worker> workers_;
};

}  // namespace flexdnn
