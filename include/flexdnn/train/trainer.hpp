// SPDX-License-Identifier: MIT
// trainer: trains a network with its exits on labelled images, all of it or parts, and can be interrupted.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

#include "../io/records.hpp"
#include "../kernels/convert.hpp"
#include "checkpoint.hpp"
#include "initialise.hpp"
#include "progress_bar.hpp"
#include "training.hpp"

namespace flexdnn {

/// How a data set's bytes become frames; of<Data>() of a struct as models/cifar10.hpp.
struct frame_format {
  shape frame;
  std::vector<float> mean, deviation;

  template <class Data>
  [[nodiscard]] static frame_format of() {
    return {Data::frame,
            {Data::mean.begin(), Data::mean.end()},
            {Data::deviation.begin(), Data::deviation.end()}};
  }
};

/// The same data, options and start give the same bits, on any number of threads, resumed or not.
class trainer {
 public:
  /// `parameters`: the canonical block (weights<Network>::values) of graph, borrowed and trained in place.
  trainer(training_graph graph, std::span<float> parameters, frame_format format, const training& options)
      : options_(options),
        parameters_(parameters),
        format_(std::move(format)),
        team_(options.threads),
        net_(std::move(graph), team_),
        optimiser_(net_.graph(), options.rule),
        gradients_(parameters.size()),
        dscores_(exits().size()) {}

  [[nodiscard]] const std::vector<training_graph::exit>& exits() const { return net_.graph().exits; }
  [[nodiscard]] int epochs_done() const { return epochs_done_; }

  /// Draws the weights of a part: see initialise.hpp.
  void initialise(trained_part what) { flexdnn::initialise(net_.graph(), what, options_.seed, parameters_); }

  /// Whether run will take the options, before any data are read. Errors: bad_option.
  [[nodiscard]] status check_options() const { return options_.check(exits().size()); }

  /// After an epoch: all that resume needs. Errors: cannot_write.
  [[nodiscard]] status save(const std::string& path) const {
    return write_checkpoint(
        path, {epochs_done_, options_.recipe(), {parameters_.begin(), parameters_.end()}, optimiser_.state});
  }
  /// Goes on from there. Errors: those of read_checkpoint; nothing changes then.
  [[nodiscard]] status resume(const std::string& path) {
    checkpoint c{0, options_.recipe(), std::vector<float>(parameters_.size()), optimiser_.state};
    if (const status s = read_checkpoint(path, c); !s) return s;
    if (c.epochs < 0 || c.epochs > options_.epochs()) {
      return status::error(code::bad_option, "checkpoint: %lld epochs are done, the training has %d",
                           static_cast<long long>(c.epochs), options_.epochs());
    }
    std::copy(c.parameters.begin(), c.parameters.end(), parameters_.begin());
    optimiser_.state = std::move(c.state);
    epochs_done_ = static_cast<int>(c.epochs);
    return {};
  }

  /// Runs the epochs that are left. after_epoch(report) -> status is called after each, to log and save; an
  /// error stops. Errors: bad_option (options or labels out of range, a class without images), wrong_shape
  /// (records), not_finite (the loss, or parameters at the end of an epoch: the last checkpoint is what is
  /// left).
  template <class AfterEpoch>
  [[nodiscard]] status run(const records& data, AfterEpoch after_epoch,
                           progress_style style = progress_style::automatic) {
    if (const status s = check(data); !s) return s;
    int first = 0;
    for (const training_phase& phase : options_.phases) {
      net_.train(phase.what);
      while (epochs_done_ < first + phase.epochs) {
        if (epochs_done_ == first) std::fill(optimiser_.state.begin(), optimiser_.state.end(), 0.0F);
        epoch_report report;
        if (const status s = epoch(data, phase, epochs_done_ - first, style, report); !s) return s;
        ++epochs_done_;
        if (const status s = after_epoch(report); !s) return s;
      }
      first += phase.epochs;
    }
    return {};
  }

 private:
  [[nodiscard]] status check(const records& data) const;
  [[nodiscard]] status epoch(const records& data, const training_phase& phase, int number,
                             progress_style style, epoch_report& report);

  /// An image's augmentation depends on seed, epoch and its own number, not on who computes it.
  void collect(const records& data, std::span<const std::uint32_t> chosen) {
    const std::size_t size = format_.frame.size();
    frames_.resize(chosen.size() * size);
    labels_.resize(chosen.size());
    images_.resize(chosen.size() * size);
    team_.run(chosen.size(), [&](std::size_t i) {
      random_generator random(options_.seed + static_cast<std::uint64_t>(epochs_done_), 10'000 + chosen[i]);
      const std::span<std::uint8_t> image(images_.data() + i * size, size);
      augment(options_.images, data.extent, data.pixels(chosen[i]), random, image);
      normalize_planar(data.extent, image.data(), format_.mean, format_.deviation, frames_.data() + i * size);
      labels_[i] = data.label(chosen[i]);
    });
  }

  /// Share of the images whose label has the largest score.
  [[nodiscard]] double share_right(std::span<const float> scores) const {
    const std::size_t classes = scores.size() / labels_.size();
    double right = 0.0;
    for (std::size_t i = 0; i < labels_.size(); ++i) {
      const auto row = scores.subspan(i * classes, classes);
      right += std::max_element(row.begin(), row.end()) - row.begin() == labels_[i] ? 1.0 : 0.0;
    }
    return right / static_cast<double>(labels_.size());
  }

  training options_;
  std::span<float> parameters_;
  frame_format format_;
  thread_team team_;
  network_gradient<float> net_;
  optimiser optimiser_;
  std::vector<float> gradients_, frames_;
  std::vector<std::vector<float>> dscores_;
  std::vector<std::uint8_t> images_, labels_;
  int epochs_done_ = 0;
};

inline status trainer::epoch(const records& data, const training_phase& phase, int number,
                             progress_style style, epoch_report& report) {
  const auto start = std::chrono::steady_clock::now();
  const auto batch = static_cast<std::size_t>(options_.batch);
  const std::size_t steps = data.size() / batch;
  std::vector<std::uint32_t> order(data.size());
  std::iota(order.begin(), order.end(), 0U);
  random_generator(options_.seed + static_cast<std::uint64_t>(epochs_done_), 1).shuffle(std::span(order));
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  report = {epochs_done_, 0.0, 0.0, std::vector<double>(exits().size(), none),
            std::vector<double>(exits().size(), none)};
  for (std::size_t e = 0; e < exits().size(); ++e) {
    if (net_.trained_exit(e)) report.loss[e] = report.accuracy[e] = 0.0;
  }
  progress_bar bar("epoch " + std::to_string(epochs_done_ + 1) + "/" + std::to_string(options_.epochs()),
                   steps * batch, style);
  for (std::size_t s = 0; s < steps; ++s) {
    collect(data, std::span(order).subspan(s * batch, batch));
    const std::uint64_t step = static_cast<std::uint64_t>(number) * steps + s;
    net_.forward(options_.batch, frames_.data(), parameters_,
                 options_.seed + (static_cast<std::uint64_t>(epochs_done_) << 32U) + (s << 1U));
    bool finite = true;
    for (std::size_t e = 0; e < exits().size(); ++e) {
      if (!net_.trained_exit(e)) continue;
      const std::span<const float> scores = net_.scores(e);
      const double loss = options_.loss.of_exit(e, scores, net_.scores(exits().size() - 1),
                                                std::span<const std::uint8_t>(labels_), dscores_[e]);
      finite = finite && std::isfinite(loss);
      report.loss[e] += loss / static_cast<double>(steps);
      report.accuracy[e] += share_right(scores) / static_cast<double>(steps);
    }
    if (!finite) {
      return status::error(code::not_finite,
                           "training: the loss is not finite in epoch %d, step %zu: lower the learning rate",
                           epochs_done_ + 1, s + 1);
    }
    std::fill(gradients_.begin(), gradients_.end(), 0.0F);
    net_.backward(parameters_, dscores_, gradients_);
    optimiser_.clip(options_.clip, gradients_);
    report.learning_rate = phase.rate(step, steps);
    optimiser_.update(phase.what, step + 1, report.learning_rate, parameters_, gradients_, team_);
    bar.advance(batch);
  }
  // The last step's parameters have met no loss yet; they must not replace a checkpoint.
  if (!std::ranges::all_of(parameters_, [](float w) { return std::isfinite(w); })) {
    return status::error(code::not_finite,
                         "training: parameters are not finite after epoch %d: lower the learning rate",
                         epochs_done_ + 1);
  }
  report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return {};
}

inline status trainer::check(const records& data) const {
  if (const status s = check_options(); !s) return s;
  const int classes = net_.graph().maps[static_cast<std::size_t>(exits().back().scores)].channels;
  if (data.size() < static_cast<std::size_t>(options_.batch)) {
    return status::error(code::bad_option,
                         "training: a batch of %d from %zu images: wanted no more than there are",
                         options_.batch, data.size());
  }
  if (data.extent != format_.frame || data.extent != net_.graph().maps.front()) {
    return status::error(
        code::wrong_shape, "training: images of %d x %d x %d, the network takes %d x %d x %d",
        data.extent.channels, data.extent.height, data.extent.width, net_.graph().maps.front().channels,
        net_.graph().maps.front().height, net_.graph().maps.front().width);
  }
  std::array<std::size_t, 256> counts{};
  for (std::size_t i = 0; i < data.size(); ++i) {
    ++counts[data.label(i)];
    if (data.label(i) >= classes) {
      return status::error(code::bad_option,
                           "training: image %zu has label %d, the network has classes 0 to %d", i,
                           static_cast<int>(data.label(i)), classes - 1);
    }
  }
  std::string missing;
  for (int c = 0; c < std::min(classes, 256); ++c) {
    if (counts[static_cast<std::size_t>(c)] == 0) missing += " " + std::to_string(c);
  }
  if (!missing.empty()) {
    return status::error(
        code::bad_option,
        "training: no image of class%.160s: a network of fewer classes is wanted, or more data",
        missing.c_str());
  }
  return {};
}

}  // namespace flexdnn
