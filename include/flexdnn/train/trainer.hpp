// SPDX-License-Identifier: MIT
// trainer: trains a network with its exits on labelled images, all of it or parts, and can be interrupted.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <string>
#include <string_view>
#include <vector>

#include "../io/records.hpp"
#include "batch_share.hpp"
#include "checkpoint.hpp"
#include "communicator.hpp"
#include "frame_format.hpp"
#include "initialise.hpp"
#include "progress_bar.hpp"
#include "training.hpp"

namespace flexdnn {

/// The same data, options and start give the same parameters to the bit, on any number of threads and
/// processes, resumed or not (but see network_gradient on layers of more than 2^20 parameters). Each process
/// has all images, and takes its share of every mini-batch. What fails on one fails on all, with one
/// sentence.
class trainer {
 public:
  /// `parameters`: the canonical block (weights<Network>::values) of graph, borrowed and trained in place.
  /// processes: all of them call initialise, resume and run.
  trainer(training_graph graph, std::span<float> parameters, frame_format format, const training& options,
          communicator& processes = alone())
      : options_(options),
        parameters_(parameters),
        format_(std::move(format)),
        processes_(processes),
        team_(threads_of(processes, options.threads)),
        net_(std::move(graph), team_, processes),
        optimiser_(net_.graph(), options.rule),
        gradients_(parameters.size()),
        dscores_(exits().size()) {}

  [[nodiscard]] const std::vector<training_graph::exit>& exits() const { return net_.graph().exits; }
  [[nodiscard]] int epochs_done() const { return epochs_done_; }

  /// Another network's class scores of a frame, channels last and normalised; `worker` of the team asks.
  using teacher =
      std::function<void(std::size_t worker, std::span<const float> frame, std::span<float> scores)>;
  /// Every exit's distillation, the final one's too, is from it then; without distillation it is not asked.
  /// Before resume and run.
  void learn_from(teacher other) {
    if (options_.loss.distillation > 0.0) teacher_ = std::move(other);
  }

  /// Draws the weights of a part: see initialise.hpp.
  void initialise(trained_part what) { flexdnn::initialise(net_.graph(), what, options_.seed, parameters_); }

  /// Whether run will take the options, before any data are read. Errors: bad_option.
  [[nodiscard]] status check_options() const { return options_.check(exits().size()); }

  /// After an epoch: all that resume needs. Errors: cannot_write.
  [[nodiscard]] status save(const std::string& path) const {
    return write_checkpoint(
        path, {epochs_done_, recipe(), {parameters_.begin(), parameters_.end()}, optimiser_.state});
  }
  /// Goes on from there; the first process reads. Errors: those of read_checkpoint; nothing changes then.
  [[nodiscard]] status resume(const std::string& path) {
    checkpoint c{0, recipe(), std::vector<float>(parameters_.size()), optimiser_.state};
    const status s = processes_.rank() == 0 ? read_checkpoint(path, c) : status{};
    if (const status all = agree(processes_, s); !all) return all;
    processes_.broadcast(std::as_writable_bytes(std::span(&c.epochs, 1)), 0);
    if (c.epochs < 0 || c.epochs > options_.epochs()) {
      return status::error(code::bad_option, "checkpoint: %lld epochs are done, the training has %d",
                           static_cast<long long>(c.epochs), options_.epochs());
    }
    processes_.broadcast(std::as_writable_bytes(std::span(c.parameters)), 0);
    processes_.broadcast(std::as_writable_bytes(std::span(c.state)), 0);
    std::copy(c.parameters.begin(), c.parameters.end(), parameters_.begin());
    optimiser_.state = std::move(c.state);
    epochs_done_ = static_cast<int>(c.epochs);
    return {};
  }

  /// Runs the epochs that are left. after_epoch(report) -> status is called after each, by the first process,
  /// to log and save; an error stops. Errors: bad_option (options or labels out of range, a class without
  /// images), wrong_shape (records), not_finite (the loss, or parameters at the end of an epoch: the last
  /// checkpoint is what is left).
  template <class AfterEpoch>
  [[nodiscard]] status run(const records& data, AfterEpoch after_epoch,
                           progress_style style = progress_style::automatic) {
    if (const status s = agree(processes_, check(data)); !s) return s;
    if (const status s = agree(processes_, check_alike(data)); !s) return s;
    if (processes_.rank() > 0) style = progress_style::silent;
    int first = 0;
    for (const training_phase& phase : options_.phases) {
      net_.train(phase.what);
      while (epochs_done_ < first + phase.epochs) {
        if (epochs_done_ == first) std::fill(optimiser_.state.begin(), optimiser_.state.end(), 0.0F);
        epoch_report report;
        if (const status s = epoch(data, phase, epochs_done_ - first, style, report); !s) return s;
        ++epochs_done_;
        const status s = processes_.rank() == 0 ? after_epoch(report) : status{};
        if (const status all = agree(processes_, s); !all) return all;
      }
      first += phase.epochs;
    }
    return {};
  }

 private:
  [[nodiscard]] status check(const records& data) const;
  [[nodiscard]] status check_alike(const records& data);
  [[nodiscard]] status epoch(const records& data, const training_phase& phase, int number,
                             progress_style style, epoch_report& report);

  [[nodiscard]] std::string recipe() const {
    return options_.recipe() + (teacher_ ? ", of another network" : "");
  }
  [[nodiscard]] int classes() const {
    return net_.graph().maps[static_cast<std::size_t>(exits().back().scores)].channels;
  }

  /// An image's augmentation depends on seed, epoch and its own number, not on who computes it.
  void collect(const records& data, std::span<const std::uint32_t> chosen) {
    const std::size_t size = format_.frame.size(), scores = static_cast<std::size_t>(classes());
    frames_.resize(chosen.size() * size);
    labels_.resize(chosen.size());
    images_.resize(chosen.size() * size);
    if (teacher_) taught_.resize(chosen.size() * scores);
    team_.run(chosen.size(), [&](std::size_t i, std::size_t worker) {
      random_generator random(options_.seed + static_cast<std::uint64_t>(epochs_done_), 10'000 + chosen[i]);
      const std::span<std::uint8_t> image(images_.data() + i * size, size);
      augment(options_.images, data.extent, data.pixels(chosen[i]), random, image);
      const std::span<float> frame = std::span(frames_).subspan(i * size, size);
      format_.convert(image, frame);
      labels_[i] = data.label(chosen[i]);
      if (!teacher_) return;
      teacher_(worker, frame, std::span(taught_).subspan(i * scores, scores));
    });
  }

  /// Images whose label has the largest score.
  [[nodiscard]] double count_right(std::span<const float> scores) const {
    const std::size_t classes = scores.size() / labels_.size();
    double right = 0.0;
    for (std::size_t i = 0; i < labels_.size(); ++i) {
      const auto row = scores.subspan(i * classes, classes);
      right += std::max_element(row.begin(), row.end()) - row.begin() == labels_[i] ? 1.0 : 0.0;
    }
    return right;
  }

  training options_;
  std::span<float> parameters_;
  frame_format format_;
  communicator& processes_;
  thread_team team_;
  network_gradient<float> net_;
  optimiser optimiser_;
  teacher teacher_;
  std::vector<float> gradients_, frames_, taught_;
  std::vector<std::vector<float>> dscores_;
  std::vector<std::uint8_t> images_, labels_;
  int epochs_done_ = 0;
};

inline status trainer::epoch(const records& data, const training_phase& phase, int number,
                             progress_style style, epoch_report& report) {
  const auto start = std::chrono::steady_clock::now();
  const auto batch = static_cast<std::size_t>(options_.batch);
  const batch_share share = batch_share::of(options_.batch, processes_.rank(), processes_.size());
  const std::size_t steps = data.size() / batch;
  std::vector<std::uint32_t> order(data.size());
  std::iota(order.begin(), order.end(), 0U);
  random_generator(options_.seed + static_cast<std::uint64_t>(epochs_done_), 1).shuffle(std::span(order));
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  report = {epochs_done_, 0.0, 0.0, std::vector<double>(exits().size(), none),
            std::vector<double>(exits().size(), none)};
  for (std::size_t e = 0; e < exits().size(); ++e)
    if (net_.trained_exit(e)) report.loss[e] = report.accuracy[e] = 0.0;
  progress_bar bar("epoch " + std::to_string(epochs_done_ + 1) + "/" + std::to_string(options_.epochs()),
                   steps * batch, style);
  for (std::size_t s = 0; s < steps; ++s) {
    collect(data, std::span(order).subspan(s * batch + static_cast<std::size_t>(share.first),
                                           static_cast<std::size_t>(share.count)));
    const std::uint64_t step = static_cast<std::uint64_t>(number) * steps + s;
    net_.forward(options_.batch, frames_.data(), parameters_,
                 options_.seed + (static_cast<std::uint64_t>(epochs_done_) << 32U) + (s << 1U));
    const std::span<const float> taught =
        teacher_ ? std::span<const float>(taught_) : net_.scores(exits().size() - 1);
    std::vector<double> own(2 * exits().size(), 0.0);  // of each exit: the loss, and how many are right
    for (std::size_t e = 0; e < exits().size(); ++e) {
      if (!net_.trained_exit(e)) continue;
      const std::span<const float> scores = net_.scores(e);
      own[2 * e] = options_.loss.of_exit(e, scores, taught, std::span<const std::uint8_t>(labels_),
                                         dscores_[e], share.whole);
      own[2 * e + 1] = count_right(scores);
    }
    std::vector<double> sums(own.size(), 0.0);
    add_in_order(processes_, std::span(sums), [&] {
      for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += own[i];
    });
    share_sum(processes_, std::span(sums));
    for (std::size_t e = 0; e < exits().size(); ++e) {
      if (!net_.trained_exit(e)) continue;
      report.loss[e] += sums[2 * e] / static_cast<double>(steps);
      report.accuracy[e] += sums[2 * e + 1] / static_cast<double>(batch) / static_cast<double>(steps);
    }
    if (!std::ranges::all_of(sums, [](double v) { return std::isfinite(v); })) {
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

/// Processes that differ would train several networks, or wait for each other forever.
inline status trainer::check_alike(const records& data) {
  if (processes_.size() == 1) return {};
  const auto hash = [](const auto& values) {
    const auto bytes = std::as_bytes(std::span(values));
    return std::hash<std::string_view>{}({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  };
  const std::array own{hash(recipe()), hash(data.bytes), hash(parameters_),
                       static_cast<std::size_t>(epochs_done_)};
  auto first = own;
  processes_.broadcast(std::as_writable_bytes(std::span(first)), 0);
  if (first == own) return {};
  return status::error(code::bad_option,
                       "training: other options, images, weights or epochs done than the first process has");
}

inline status trainer::check(const records& data) const {
  if (const status s = check_options(); !s) return s;
  if (processes_.size() > batch_share::part_count(options_.batch)) {
    return status::error(code::bad_option,
                         "training: %d processes share a batch of %d: wanted no more than %d of them",
                         processes_.size(), options_.batch, batch_share::part_count(options_.batch));
  }
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
    if (data.label(i) >= classes()) {
      return status::error(code::bad_option,
                           "training: image %zu has label %d, the network has classes 0 to %d", i,
                           static_cast<int>(data.label(i)), classes() - 1);
    }
  }
  std::string missing;
  for (std::size_t c = 0; c < std::min<std::size_t>(static_cast<std::size_t>(classes()), 256); ++c)
    if (counts[c] == 0) missing += " " + std::to_string(c);
  if (!missing.empty()) {
    return status::error(
        code::bad_option,
        "training: no image of class%.160s: a network of fewer classes is wanted, or more data",
        missing.c_str());
  }
  return {};
}

}  // namespace flexdnn
