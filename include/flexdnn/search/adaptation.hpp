// SPDX-License-Identifier: MIT
// adaptation: how a backbone is to be given exits.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "../train/training.hpp"
#include "candidate_trainer.hpp"
#include "insertion_plan.hpp"
#include "prune_branch.hpp"

namespace flexdnn {

/// What the search of branches and exits saves.
enum class saved_cost : std::uint8_t {
  macs,
  seconds,  ///< as measure_candidates finds them here: no two runs are alike then
};

/// Mixed training: once branches are pruned, trunk and branches go on together, batch norms by mini-batches.
struct joint_training {
  int epochs = 0;               ///< 0: the trunk stays as it was given
  double learning_rate = 0.01;  ///< of SGD with Nesterov momentum 0.9, down to 0 by a cosine
  double weight_decay = 5e-4;   ///< of linear layers
};

struct adaptation {
  std::vector<int> cuts{};      ///< candidate positions; empty: default_cuts
  int first_epochs = 2;         ///< of the over-parameterised branches, before anything is removed
  int rounds = 6;               ///< removals tried of each branch; 0: none
  int round_epochs = 1;         ///< of each, beside as much more training of what it is compared with
  std::size_t images = 10'000;  ///< of these epochs; final training takes all
  pruning_rule rule = pruning_rule::expected_cost;
  double tolerance = 0.0;
  candidate_training
      training{};  ///< of the branches that remain; of joint training batch, loss, images, seed
  joint_training joint{};
  loss_limit limit{.most = 0.005};
  saved_cost cost = saved_cost::macs;

  /// cut_points: how many the backbone has. Errors: bad_option.
  [[nodiscard]] status check(int cut_points) const {
    if (!(limit.most > 0.0 && limit.most < 1.0) || rounds < 0 || !(tolerance >= 0.0)) {
      return status::error(
          code::bad_option,
          "adaptation: a limit of %g, %d rounds, a tolerance of %g: wanted a limit between 0 and 1, and "
          "nothing below 0",
          limit.most, rounds, tolerance);
    }
    if (joint.epochs < 0 || !(joint.learning_rate > 0.0) || !(joint.weight_decay >= 0.0)) {
      return status::error(
          code::bad_option,
          "adaptation: joint training of %d epochs at a learning rate of %g, weight decay %g: wanted a rate "
          "above 0, and nothing below 0",
          joint.epochs, joint.learning_rate, joint.weight_decay);
    }
    int before = 0;
    for (const int cut : cuts) {
      if (cut <= before || cut > cut_points) {
        return status::error(
            code::bad_option,
            "adaptation: cut point %d after %d: wanted them in order, from 1 to %d, none twice", cut, before,
            cut_points);
      }
      before = cut;
    }
    if (cuts.empty())
      return status::error(code::bad_option, "adaptation: the backbone has no place for an exit");
    return {};
  }

  /// A training before the last, each with images in an order of its own. number: from 1.
  [[nodiscard]] candidate_training short_training(int epochs, int number) const {
    candidate_training some = training;
    some.epochs = epochs;
    some.seed += static_cast<std::uint64_t>(number);
    return some;
  }

  /// Its joint training. The final exit learns from the backbone too: by labels alone, which it has all right
  /// already, it forgets what it knew.
  [[nodiscard]] flexdnn::training joint_course() const {
    return {.phases = {{trained_part::whole, joint.epochs, joint.learning_rate}},
            .batch = training.batch,
            .rule = sgd{.momentum = 0.9, .nesterov = true, .weight_decay = joint.weight_decay},
            .loss = training.loss,
            .images = training.images,
            .seed = training.seed};
  }

  /// What its course depends on besides data and backbone.
  [[nodiscard]] std::string recipe() const {
    std::string text = "cut points";
    for (const int cut : cuts) text += " " + std::to_string(cut);
    text += ", first epochs " + std::to_string(first_epochs) + ", rounds " + std::to_string(rounds) +
            ", round epochs " + std::to_string(round_epochs) + ", images " + std::to_string(images) +
            ", rule " + (rule == pruning_rule::expected_cost ? "expected cost" : "exit rate") +
            ", tolerance " + std::to_string(tolerance) + ", limit " + std::to_string(limit.most) +
            " of loss " + std::to_string(static_cast<int>(limit.loss)) + ", cost " +
            (cost == saved_cost::macs ? "MACs" : "seconds") + ", branches: ";
    const flexdnn::training branches{
        .phases = {{trained_part::exits, training.epochs, training.learning_rate}},
        .batch = training.batch,
        .rule = adam{.weight_decay = training.weight_decay},
        .loss = training.loss,
        .images = training.images,
        .seed = training.seed};
    return text + branches.recipe() + ", joint: " + (joint.epochs == 0 ? "none" : joint_course().recipe());
  }
};

}  // namespace flexdnn
