// SPDX-License-Identifier: MIT
// exit_trainer: trains all exit branches of a network together, on one pass of its frozen trunk.
#pragma once

#include <cmath>
#include <memory>
#include <numeric>

#include "../engine/engine.hpp"
#include "../io/records.hpp"
#include "../io/weights.hpp"
#include "../kernels/convert.hpp"
#include "adam.hpp"
#include "augment.hpp"
#include "branch_gradient.hpp"
#include "cross_entropy.hpp"
#include "kaiming.hpp"
#include "parallel_for.hpp"
#include "progress_bar.hpp"
#include "schedule.hpp"

namespace flexdnn {

struct exit_training {
  int epochs = 20;
  int batch = 128;
  double learning_rate = 2e-3;  ///< of Adam, down to 0 by a cosine
  double weight_decay = 1e-2;   ///< decoupled
  double label_smoothing = 0.0;
  augmentation images{};
  std::uint64_t seed = 1;
  unsigned threads = 0;  ///< 0: one per core; the result does not depend on it
};

/// What an epoch came to, exit by exit (the final one not included).
struct epoch_report {
  int epoch = 0;
  std::vector<double> loss;      ///< mean cross-entropy, in nats
  std::vector<double> accuracy;  ///< on the augmented images, before each step
};

/// Trains the branches of Network on labelled images; Data gives frame, mean and deviation
/// (models/cifar10.hpp). The trunk's weights are read, never written. Branches see the trunk's feature maps
/// in inference mode and train independently: cross-entropy each, all weights 1 (the paper's loss with a
/// frozen backbone).
template <class Network, class Data>
class exit_trainer {
  using low = lowered<Network>;
  static constexpr std::size_t branches = static_cast<std::size_t>(low::exit_count) - 1;

 public:
  exit_trainer(weights<Network>& w, const exit_training& options)
      : weights_(w),
        options_(options),
        threads_(options.threads > 0 ? options.threads : std::max(1U, std::thread::hardware_concurrency())) {
    [&]<std::size_t... Exit>(std::index_sequence<Exit...>) {
      [[maybe_unused]] const int in_order[] = {0, (add_branch<static_cast<int>(Exit)>(), 0)...};
    }
    (std::make_index_sequence<branches>{});
  }

  /// Draws the branches' weights: Kaiming-normal convolutions, uniform dense layers, neutral batch norms.
  void initialise() {
    for (std::size_t e = 0; e < branches; ++e) {
      random_generator random(options_.seed, 1000 + e);
      const std::span<float> block = parameters(e);
      for (const branch_layer& l : branches_[e].gradient.layers()) {
        float* const w = block.data() + l.weights;
        const auto channels = static_cast<std::size_t>(l.in.channels);
        if (l.what == branch_layer::operation::linear) {
          const std::size_t count = l.weight_count();
          if (l.linear.in.pixels() == 1) {
            kaiming_uniform(l.linear, random, std::span(w, count));
          } else {
            // Depthwise: PyTorch's fan-out ignores groups and would draw far too small; its fan-in is its
            // own.
            kaiming_normal(l.linear.depthwise() ? one_channel(l.linear) : l.linear, random,
                           std::span(w, count));
          }
          if (l.bias) std::fill_n(w + count, l.linear.out.channels, 0.0F);
        } else if (l.what == branch_layer::operation::batch_norm) {
          std::fill_n(w, channels, 1.0F);
          std::fill_n(w + channels, 2 * channels, 0.0F);
          std::fill_n(w + 3 * channels, channels, 1.0F);
        }
      }
    }
  }

  /// Runs all epochs. after_epoch(report) -> status is called after each, to log or to save; an error stops.
  /// Errors: bad_option (labels or options out of range), wrong_shape (records), not_finite (loss).
  template <class AfterEpoch>
  status run(const records& data, AfterEpoch after_epoch, progress_style style = progress_style::automatic) {
    if (const status s = check(data); !s) return s;
    // Of this run alone: the engines borrow the packed weights.
    const auto frozen = std::make_unique<packed<Network>>();
    pack(weights_, *frozen);
    workers_.clear();
    for (unsigned t = 0; t < threads_; ++t) workers_.push_back(std::make_unique<worker>(*frozen));
    const std::size_t batch = static_cast<std::size_t>(options_.batch);
    const std::size_t steps_an_epoch = data.size() / batch;
    const cosine_schedule schedule{options_.learning_rate, 0.0,
                                   steps_an_epoch * static_cast<std::uint64_t>(options_.epochs)};
    std::vector<std::uint32_t> order(data.size());
    std::iota(order.begin(), order.end(), 0U);
    random_generator shuffling(options_.seed, 1);
    std::uint64_t step = 0;
    for (int epoch = 0; epoch < options_.epochs; ++epoch) {
      shuffling.shuffle(std::span(order));
      epoch_report report{epoch, std::vector<double>(branches), std::vector<double>(branches)};
      progress_bar bar("epoch " + std::to_string(epoch + 1) + "/" + std::to_string(options_.epochs),
                       steps_an_epoch * batch, style);
      for (std::size_t s = 0; s < steps_an_epoch; ++s) {
        const std::span<const std::uint32_t> chosen(order.data() + s * batch, batch);
        collect_features(data, chosen, static_cast<std::uint64_t>(epoch));
        const double rate = schedule.rate(step++);
        parallel_for(threads_, branches, [&](std::size_t e) { update(e, step, rate); });
        for (std::size_t e = 0; e < branches; ++e) {
          if (!std::isfinite(branches_[e].loss)) {
            return status::error(code::not_finite,
                                 "exit %zu: the loss is not finite at step %llu: lower the learning rate", e,
                                 static_cast<unsigned long long>(step));
          }
          report.loss[e] += branches_[e].loss / static_cast<double>(steps_an_epoch);
          report.accuracy[e] += branches_[e].right / static_cast<double>(steps_an_epoch * batch);
        }
        bar.advance(batch);
      }
      if (const status s = after_epoch(report); !s) return s;
    }
    return {};
  }

 private:
  struct branch {
    branch_gradient<float> gradient;
    std::size_t offset, size;  ///< in the canonical block
    std::vector<float> gradients, state, features, dscores;
    random_generator random;
    double loss = 0.0, right = 0.0;
  };

  struct worker {
    explicit worker(const packed<Network>& w) : net(w) {}
    engine<Network> net;
    std::vector<float> frame = std::vector<float>(Data::frame.size());
    std::vector<std::uint8_t> image = std::vector<std::uint8_t>(Data::frame.size());
  };

  [[nodiscard]] static convolution one_channel(convolution c) {
    c.in.channels = c.out.channels = c.groups = 1;
    return c;
  }

  template <int Exit>
  void add_branch() {
    auto layers = branch_layers<Network, Exit>();
    std::size_t first = low::parameters, size = 0;
    for (const node& n : low::nodes) {
      if (n.exit != Exit) continue;
      first = std::min(first, n.weights);
      size += n.parameters;
    }
    const std::size_t features = low::values[static_cast<std::size_t>(low::exits[Exit].input)].size();
    branches_.push_back({branch_gradient<float>(std::move(layers)), first, size, std::vector<float>(size),
                         std::vector<float>(adam::state_per_parameter * size),
                         std::vector<float>(features * static_cast<std::size_t>(options_.batch)),
                         std::vector<float>(static_cast<std::size_t>(low::classes * options_.batch)),
                         random_generator(options_.seed, 2000 + static_cast<std::uint64_t>(Exit))});
  }

  [[nodiscard]] std::span<float> parameters(std::size_t e) {
    return std::span(weights_.values).subspan(branches_[e].offset, branches_[e].size);
  }

  [[nodiscard]] status check(const records& data) const {
    if (options_.batch < 2 || options_.epochs < 1 || data.size() < static_cast<std::size_t>(options_.batch)) {
      return status::error(code::bad_option,
                           "training: batch %d of %zu images, %d epochs: wanted a batch of 2 or more, "
                           "no larger than the data, and 1 epoch or more",
                           options_.batch, data.size(), options_.epochs);
    }
    if (!(options_.learning_rate > 0.0) || !(options_.weight_decay >= 0.0) ||
        !(options_.label_smoothing >= 0.0 && options_.label_smoothing < 1.0) || options_.images.shift < 0) {
      return status::error(
          code::bad_option,
          "training: learning rate %g, weight decay %g, label smoothing %g, shift %d: wanted a rate "
          "above 0, a smoothing below 1, and nothing below 0",
          options_.learning_rate, options_.weight_decay, options_.label_smoothing, options_.images.shift);
    }
    if (data.extent != Data::frame) {
      return status::error(code::wrong_shape,
                           "training: images of %d x %d x %d, the network takes %d x %d x %d",
                           data.extent.channels, data.extent.height, data.extent.width, Data::frame.channels,
                           Data::frame.height, Data::frame.width);
    }
    for (std::size_t i = 0; i < data.size(); ++i) {
      if (data.label(i) >= low::classes) {
        return status::error(code::bad_option,
                             "training: image %zu has label %d, the network has classes 0 to %d", i,
                             static_cast<int>(data.label(i)), low::classes - 1);
      }
    }
    return {};
  }

  /// Runs the trunk over a mini-batch and keeps what each branch reads. An image's augmentation depends on
  /// seed, epoch and its own number, not on who computes it.
  void collect_features(const records& data, std::span<const std::uint32_t> chosen, std::uint64_t epoch) {
    labels_.resize(chosen.size());
    parallel_for(threads_, chosen.size(), [&](std::size_t i, std::size_t who) {
      worker& w = *workers_[who];
      random_generator random(options_.seed + epoch, 10'000 + chosen[i]);
      augment(options_.images, data.extent, data.pixels(chosen[i]), random, w.image);
      normalize_planar(data.extent, w.image.data(), Data::mean, Data::deviation, w.frame.data());
      labels_[i] = data.label(chosen[i]);
      (void)w.net.run(typename engine<Network>::frame(w.frame), [&](const evidence& e, verdict) {
        const auto exit = static_cast<std::size_t>(e.exit);
        if (exit >= branches) return;
        const std::span<const float> map = w.net.features(e.exit);
        std::copy(map.begin(), map.end(),
                  branches_[exit].features.begin() + static_cast<std::ptrdiff_t>(i * map.size()));
      });
    });
  }

  void update(std::size_t e, std::uint64_t step, double rate) {
    branch& b = branches_[e];
    const int n = options_.batch;
    const std::span<const float> scores = b.gradient.forward(n, b.features.data(), parameters(e), b.random);
    b.loss = cross_entropy(n, low::classes, scores.data(), labels_.data(), options_.label_smoothing,
                           b.dscores.data());
    b.right = 0.0;
    for (std::size_t i = 0; i < labels_.size(); ++i) {
      const auto row =
          scores.subspan(i * static_cast<std::size_t>(low::classes), static_cast<std::size_t>(low::classes));
      b.right += std::max_element(row.begin(), row.end()) - row.begin() == labels_[i] ? 1.0 : 0.0;
    }
    std::fill(b.gradients.begin(), b.gradients.end(), 0.0F);
    b.gradient.backward(n, b.dscores, parameters(e), b.gradients);
    // Decay is for the linear layers alone: it would pull batch norm's running statistics to zero.
    const std::span<float> block = parameters(e);
    const auto keep = static_cast<float>(1.0 - rate * options_.weight_decay);
    for (const branch_layer& l : b.gradient.layers()) {
      if (l.what != branch_layer::operation::linear) continue;
      for (float& w : block.subspan(l.weights, l.weight_count())) w *= keep;
    }
    adam{.learning_rate = rate}.update(step, block, b.gradients, b.state);
  }

  weights<Network>& weights_;
  exit_training options_;
  unsigned threads_;
  std::vector<branch> branches_;
  std::vector<std::unique_ptr<worker>> workers_;
  std::vector<std::uint8_t> labels_;
};

}  // namespace flexdnn
