// SPDX-License-Identifier: MIT
// training: how a network is to be trained, and what an epoch came to.
#pragma once

#include <cmath>
#include <cstdint>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "augment.hpp"
#include "network_gradient.hpp"
#include "optimiser.hpp"
#include "schedule.hpp"
#include "training_loss.hpp"

namespace flexdnn {

/// Epochs that train one part. The optimiser begins each phase anew.
struct training_phase {
  trained_part what = trained_part::whole;
  int epochs = 100;
  double learning_rate = 0.1;  ///< at the start
  /// Epochs of the phase after which the rate falls to a tenth; none: it falls to 0 by a cosine.
  std::vector<int> milestones{};

  /// Of step number `step`, from 0.
  [[nodiscard]] double rate(std::uint64_t step, std::uint64_t steps_an_epoch) const {
    if (milestones.empty()) {
      return cosine_schedule{learning_rate, 0.0, steps_an_epoch * static_cast<std::uint64_t>(epochs)}.rate(
          step);
    }
    step_schedule falls{.first = learning_rate};
    for (const int m : milestones) falls.milestones.push_back(steps_an_epoch * static_cast<std::uint64_t>(m));
    return falls.rate(step);
  }
};

/// Whole from scratch: one phase. Exits on a trained trunk: {{trained_part::exits}}. Mixed: the trunk first,
/// then all: {{trained_part::trunk}, {trained_part::whole}}.
struct training {
  std::vector<training_phase> phases{{}};
  int batch = 128;  ///< images a step; those that fill no batch are left out of an epoch
  optimiser::rule rule =
      sgd{.momentum = 0.9, .nesterov = true, .weight_decay = 5e-4};  ///< rates: the phases'
  double clip = 0.0;                                                 ///< largest norm of the gradient; 0: any
  training_loss loss{};
  augmentation images{};
  std::uint64_t seed = 1;
  unsigned threads = 0;  ///< of a process, 0: its share of the cores; no bit of the result depends on it

  [[nodiscard]] int epochs() const {
    int sum = 0;
    for (const training_phase& p : phases) sum += p.epochs;
    return sum;
  }

  /// Of a network with so many exits, before any data are read. Errors: bad_option.
  [[nodiscard]] status check(std::size_t exits) const {
    if (batch < 2) {
      return status::error(code::bad_option, "training: batch %d: wanted 2 or more", batch);
    }
    for (const training_phase& p : phases) {
      if (!(p.learning_rate > 0.0) || p.epochs < 0) {
        return status::error(
            code::bad_option,
            "training: learning rate %g for %d epochs: wanted a rate above 0 and no fewer than 0 epochs",
            p.learning_rate, p.epochs);
      }
    }
    const double decay = std::visit([](const auto& r) { return r.weight_decay; }, rule);
    if (!(decay >= 0.0) || !(clip >= 0.0) || !(loss.label_smoothing >= 0.0 && loss.label_smoothing < 1.0) ||
        !(loss.distillation >= 0.0 && loss.distillation <= 1.0) || !(loss.temperature > 0.0)) {
      return status::error(
          code::bad_option,
          "training: weight decay %g, clip %g, label smoothing %g, distillation %g at temperature %g: wanted "
          "nothing below 0, a smoothing below 1, a distillation up to 1",
          decay, clip, loss.label_smoothing, loss.distillation, loss.temperature);
    }
    if (!loss.weights.empty() && loss.weights.size() != exits) {
      return status::error(code::bad_option, "training: %zu weights of exits, the network has %zu exits",
                           loss.weights.size(), exits);
    }
    return images.check();
  }

  /// What the course of training depends on besides data and network.
  [[nodiscard]] std::string recipe() const {
    std::string text = "batch " + std::to_string(batch) + ", seed " + std::to_string(seed) + ", clip " +
                       std::to_string(clip) + ", " + images.recipe() + ", smoothing " +
                       std::to_string(loss.label_smoothing) + ", distillation " +
                       std::to_string(loss.distillation) + " at " + std::to_string(loss.temperature) +
                       ", exits";
    for (const double w : loss.weights) text += " " + std::to_string(w);
    text += rule.index() == 0 ? ", sgd" : ", adam";
    text += std::visit([](const auto& r) { return " decay " + std::to_string(r.weight_decay); }, rule);
    if (const sgd* s = std::get_if<sgd>(&rule)) {
      text += " momentum " + std::to_string(s->momentum) + (s->nesterov ? " nesterov" : "");
    }
    for (const training_phase& p : phases) {
      text += "; part " + std::to_string(static_cast<int>(p.what)) + " epochs " + std::to_string(p.epochs) +
              " rate " + std::to_string(p.learning_rate);
      for (const int m : p.milestones) text += " falls " + std::to_string(m);
    }
    return text;
  }
};

/// What an epoch came to, exit by exit, the final one last; NaN where an exit was not trained.
struct epoch_report {
  int epoch = 0;               ///< from 0, through all phases
  double learning_rate = 0.0;  ///< of the last step
  double seconds = 0.0;
  std::vector<double> loss;      ///< mean cross-entropy, in nats
  std::vector<double> accuracy;  ///< on the augmented images, before each step
};

}  // namespace flexdnn
