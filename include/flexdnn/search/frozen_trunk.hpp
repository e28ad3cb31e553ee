// SPDX-License-Identifier: MIT
// frozen_trunk: a backbone with its weights as the search of exits sees it: behind an interface, so that the
// search is compiled once for all backbones.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "../io/parameters.hpp"
#include "../train/training_graph.hpp"
#include "measure_costs.hpp"
#include "trunk_probe.hpp"

namespace flexdnn {

/// Cut points are numbered from 1, as in `at`. Its weights are read, never written.
class frozen_trunk {
 public:
  struct cut_point {
    shape map;
    std::uint64_t macs = 0;  ///< of the backbone up to it
  };
  using observer = std::function<void(int cut, std::span<const float> map)>;

  /// One thread's: it holds an engine.
  class runner {
   public:
    virtual ~runner() = default;
    /// Of a frame, channels last: observe(cut, feature map, channels last) at every cut point in turn.
    /// Returns the backbone's class scores, valid until the next run.
    virtual std::span<const float> run(std::span<const float> frame, const observer& observe) = 0;
  };

  virtual ~frozen_trunk() = default;
  [[nodiscard]] virtual std::unique_ptr<runner> make_runner() const = 0;
  /// The same backbone with other weights, a canonical block.
  [[nodiscard]] virtual std::unique_ptr<frozen_trunk> with(const std::vector<float>& values) const = 0;
  /// Seconds on this machine of its parts with an exit at every cut point: medians of `rounds`, at least 1.
  [[nodiscard]] virtual exit_costs measure(std::span<const float> frame, int rounds) const = 0;
  /// For training, with an exit at every cut point.
  [[nodiscard]] virtual training_graph probed_graph() const = 0;
  /// What lies where in the values.
  [[nodiscard]] virtual std::vector<named_parameter> tensors() const = 0;

  [[nodiscard]] int cuts() const { return static_cast<int>(cuts_.size()); }
  [[nodiscard]] const cut_point& cut(int number) const { return cuts_[static_cast<std::size_t>(number - 1)]; }
  [[nodiscard]] shape frame() const { return frame_; }
  [[nodiscard]] int classes() const { return classes_; }
  [[nodiscard]] std::uint64_t macs() const { return macs_; }
  /// The canonical block.
  [[nodiscard]] const std::vector<float>& values() const { return values_; }

  /// Every cut point between a tenth and nineteen twentieths of the MACs whose map has pixels.
  [[nodiscard]] std::vector<int> default_cuts() const {
    std::vector<int> some;
    for (int number = 1; number <= cuts(); ++number) {
      const double share = static_cast<double>(cut(number).macs) / static_cast<double>(macs_);
      if (share >= 0.1 && share <= 0.95 && cut(number).map.pixels() > 1) some.push_back(number);
    }
    return some;
  }

 protected:
  frozen_trunk(shape frame, std::vector<cut_point> cuts, int classes, std::uint64_t macs,
               std::vector<float> values)
      : frame_(frame), cuts_(std::move(cuts)), classes_(classes), macs_(macs), values_(std::move(values)) {}

 private:
  shape frame_;
  std::vector<cut_point> cuts_;
  int classes_;
  std::uint64_t macs_;
  std::vector<float> values_;
};

namespace detail {

template <class Backbone>
class frozen final : public frozen_trunk {
  using probe = trunk_probe<Backbone>;

 public:
  explicit frozen(const weights<Backbone>& w)
      : frozen_trunk(Backbone::frame, all_cuts(), lowered<Backbone>::classes, lowered<Backbone>::trunk_macs,
                     w.values),
        packed_(std::make_unique<typename probe::trunk>(w)) {}

  [[nodiscard]] std::unique_ptr<runner> make_runner() const override {
    return std::make_unique<one_runner>(*packed_);
  }
  [[nodiscard]] std::unique_ptr<frozen_trunk> with(const std::vector<float>& values) const override {
    weights<Backbone> w;
    w.values = values;
    return std::make_unique<frozen>(w);
  }
  [[nodiscard]] exit_costs measure(std::span<const float> frame, int rounds) const override {
    return measure_costs<typename probe::network>(packed_->values, typename probe::frame(frame), "", rounds)
        .costs;
  }
  [[nodiscard]] training_graph probed_graph() const override {
    return make_training_graph<typename probe::network>();
  }
  [[nodiscard]] std::vector<named_parameter> tensors() const override { return parameters<Backbone>(); }

 private:
  class one_runner final : public runner {
   public:
    explicit one_runner(const typename probe::trunk& trunk) : net_(trunk) {}
    std::span<const float> run(std::span<const float> frame, const observer& observe) override {
      return net_.run(typename probe::frame(frame), observe);
    }

   private:
    probe net_;
  };

  static std::vector<cut_point> all_cuts() {
    std::vector<cut_point> all;
    for (int cut = 1; cut <= probe::cuts; ++cut) all.push_back({probe::extent(cut), probe::macs(cut)});
    return all;
  }

  std::unique_ptr<typename probe::trunk> packed_;
};

}  // namespace detail

template <class Backbone>
[[nodiscard]] std::unique_ptr<frozen_trunk> freeze(const weights<Backbone>& w) {
  return std::make_unique<detail::frozen<Backbone>>(w);
}

}  // namespace flexdnn
