// SPDX-License-Identifier: MIT
// network_gradient: forward and backward of a whole network with its exits over a mini-batch.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "average_pool_gradient.hpp"
#include "batch_norm_gradient.hpp"
#include "batch_share.hpp"
#include "communicator.hpp"
#include "convolution_gradient.hpp"
#include "dropout_gradient.hpp"
#include "joint_gradient.hpp"
#include "max_pool_gradient.hpp"
#include "random_generator.hpp"
#include "softmax_gradient.hpp"
#include "thread_team.hpp"
#include "training_graph.hpp"

namespace flexdnn {

/// Layer by layer over the whole mini-batch, each layer shared by a team: batch norm sees the statistics of
/// all images, as PyTorch's does on one device, without synchronising what runs apart. Several processes
/// share a mini-batch, and its statistics are still those of all images. A layer's images are parted in the
/// same way whatever the number of threads and processes (batch_share), and sums over parts are taken in
/// their order, so that no bit depends on either; but of a layer with more than 2^20 parameters a process's
/// sums are parted by its own images, and the gradient is rounded otherwise there. Memory: one map a layer,
/// but none for an element-wise layer that alone reads its input (ReLU, addition): ResNet-56 keeps four maps
/// a block, and training it on 128 images at once takes 0.63 GB.
template <class T>
class network_gradient {
 public:
  network_gradient(training_graph graph, thread_team& team, communicator& processes = alone())
      : graph_(std::move(graph)),
        team_(team),
        processes_(processes),
        kept_(graph_.operations.size()),
        workspaces_(team.size()) {
    gradients_.resize(graph_.maps.size());
    place_maps();
    train(trained_part::whole);
  }

  [[nodiscard]] const training_graph& graph() const { return graph_; }

  void train(trained_part what) {
    what_ = what;
    wanted_.assign(graph_.maps.size(), false);
    for (const operation& o : graph_.operations) {
      const bool flows = wanted_[index(o.input)] || (o.second >= 0 && wanted_[index(o.second)]);
      if (trained(o) && (flows || o.parameters > 0)) wanted_[index(o.output)] = true;
    }
  }

  [[nodiscard]] bool trained(const operation& o) const { return belongs(o, what_); }
  /// Whether exit number e is computed, and whether a loss there reaches a parameter.
  [[nodiscard]] bool trained_exit(std::size_t e) const {
    return computed_exit(e) && wanted_[index(graph_.exits[e].scores)];
  }
  [[nodiscard]] bool computed_exit(std::size_t e) const {
    return what_ != trained_part::trunk || e + 1 == graph_.exits.size();
  }

  /// Of a mini-batch of n images in all, the frames {share.count, H, W, C} of this process, which must stay
  /// until backward. parameters: the canonical block, whose running statistics are updated. Masks of dropout
  /// are a function of `key`, operation and image.
  void forward(int n, const T* frames, std::span<T> parameters, std::uint64_t key) {
    share_ = batch_share::of(n, processes_.rank(), processes_.size());
    frames_ = frames, parameters_ = parameters, weights_ = parameters, key_ = key;
    team_.run(graph_.operations.size(), [&](std::size_t i) { prepare(i); });
    for (std::size_t i = 0; i < graph_.operations.size(); ++i) {
      if (computed(graph_.operations[i])) forward(i);
    }
  }

  /// Class scores {share.count, classes} of an exit that was computed.
  [[nodiscard]] std::span<const T> scores(std::size_t e) const {
    return {map(graph_.exits[e].scores), size_of(graph_.exits[e].scores)};
  }

  /// Adds dL/dparameters, of the whole mini-batch, to `gradients` (as long as parameters; the same on every
  /// process), from dscores[e] = dL/dscores of each trained exit after the last forward.
  void backward(std::span<const T> parameters, std::span<const std::vector<T>> dscores,
                std::span<T> gradients) {
    weights_ = parameters, sums_ = gradients;
    for (std::size_t e = 0; e < graph_.exits.size(); ++e) {
      if (!trained_exit(e)) continue;
      std::vector<T> d = take(graph_.exits[e].scores);
      std::copy(dscores[e].begin(), dscores[e].end(), d.begin());
      deposit(graph_.exits[e].scores, std::move(d));
    }
    for (std::size_t i = graph_.operations.size(); i-- > 0;) {
      if (!gradients_[index(graph_.operations[i].output)].empty()) backward(i);
    }
    share_sum(processes_, sums_);
  }

 private:
  /// What an operation's forward keeps for its backward besides maps.
  struct record {
    std::vector<T> mean, inverse;
    std::vector<std::uint8_t> mask;
    prepared_convolution<T> forward, backward;
  };

  static std::size_t index(int map) { return static_cast<std::size_t>(map); }
  [[nodiscard]] std::size_t size_of(int map) const {
    return static_cast<std::size_t>(share_.count) * graph_.maps[index(map)].size();
  }
  [[nodiscard]] const T* map(int m) const {
    return m == 0 ? frames_ : buffers_[index(buffer_of_[index(m)])].data();
  }

  /// An element-wise operation writes over the input that nobody else needs.
  void place_maps() {
    const auto& operations = graph_.operations;
    std::vector<int> readers(graph_.maps.size(), 0);
    std::vector<bool> kept(graph_.maps.size(), false);
    kept[0] = true;
    for (const training_graph::exit& e : graph_.exits) kept[index(e.scores)] = true;
    for (const operation& o : operations) {
      ++readers[index(o.input)];
      if (o.second >= 0) ++readers[index(o.second)];
      if (o.needs_output()) kept[index(o.output)] = true;
    }
    buffer_of_.resize(graph_.maps.size());
    for (std::size_t m = 0; m < buffer_of_.size(); ++m) buffer_of_[m] = static_cast<int>(m);
    for (const operation& o : operations) {
      const bool over =
          o.element_wise() && !o.needs_input() && !kept[index(o.input)] && readers[index(o.input)] == 1;
      if (over) buffer_of_[index(o.output)] = buffer_of_[index(o.input)];
    }
    buffers_.resize(graph_.maps.size());
  }

  /// A job is a part of the mini-batch: where it is cut into `count`, those of this process.
  static constexpr int parts = batch_share::parts;
  [[nodiscard]] std::size_t part_count(int count) const {
    const int images = batch_share::images_a_part(share_.whole, count);
    return static_cast<std::size_t>((share_.count + images - 1) / images);
  }
  /// Calls f(first image of this process's, images, part, worker) for every part.
  template <class F>
  void for_each_part(int count, F f) {
    const int images = batch_share::images_a_part(share_.whole, count);
    team_.run(part_count(count), [&](std::size_t part, std::size_t worker) {
      const int first = static_cast<int>(part) * images;
      f(static_cast<std::size_t>(first), std::min(images, share_.count - first), part, worker);
    });
  }

  [[nodiscard]] bool computed(const operation& o) const { return what_ != trained_part::trunk || o.exit < 0; }

  void prepare(std::size_t i);
  void forward(std::size_t i);
  void drop(std::size_t i, std::size_t first, std::size_t images, const T* x, T* y);
  void find_statistics(const operation& o, record& k, const T* input, T* w);
  void backward(std::size_t i);
  void backward_linear(const operation& o, const record& k, const std::vector<T>& dy, T* dx);
  void backward_batch_norm(const operation& o, const record& k, const std::vector<T>& dy, T* dx);

  /// A buffer as large as a map, its contents whatever they were.
  [[nodiscard]] std::vector<T> take(int map) {
    const std::size_t size = size_of(map);
    const auto found =
        std::find_if(free_.begin(), free_.end(), [&](const auto& f) { return f.size() == size; });
    if (found == free_.end()) return std::vector<T>(size);
    std::vector<T> buffer = std::move(*found);
    free_.erase(found);
    return buffer;
  }

  /// Adds a gradient to a map's, or becomes it.
  void deposit(int map, std::vector<T> d) {
    std::vector<T>& sum = gradients_[index(map)];
    if (sum.empty()) {
      sum = std::move(d);
      return;
    }
    const std::size_t size = graph_.maps[index(map)].size();
    for_each_part(parts, [&](std::size_t first, int n, std::size_t, std::size_t) {
      const std::size_t end = (first + static_cast<std::size_t>(n)) * size;
      for (std::size_t j = first * size; j < end; ++j) sum[j] += d[j];
    });
    free_.push_back(std::move(d));
  }

  training_graph graph_;
  thread_team& team_;
  communicator& processes_;
  trained_part what_ = trained_part::whole;
  std::vector<int> buffer_of_;           ///< map -> buffer
  std::vector<bool> wanted_;             ///< maps whose gradient reaches a parameter
  std::vector<std::vector<T>> buffers_;  ///< maps of the forward pass
  std::vector<std::vector<T>> gradients_, free_;
  std::vector<record> kept_;
  std::vector<std::vector<T>> workspaces_;  ///< of each worker
  std::vector<T> partial_;                  ///< sums of each part
  batch_share share_;
  const T* frames_ = nullptr;
  std::span<T> parameters_, sums_;
  std::span<const T> weights_;
  std::uint64_t key_ = 0;
};

}  // namespace flexdnn

#include "network_backward.hpp"
#include "network_forward.hpp"
