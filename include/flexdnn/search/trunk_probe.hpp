// SPDX-License-Identifier: MIT
// trunk_probe: a frozen backbone that shows its feature map at every cut point.
#pragma once

#include <array>
#include <memory>
#include <utility>
#include <vector>

#include "../engine/engine.hpp"
#include "../io/weights.hpp"
#include "../layers/dense.hpp"
#include "../layers/global_average_pool.hpp"

namespace flexdnn {

namespace detail {

template <int Cut>
[[nodiscard]] consteval auto cut_name() {
  name text("cut_000");
  for (int i = 6, rest = Cut; rest > 0; --i, rest /= 10) text.text[i] = static_cast<char>('0' + rest % 10);
  return text;
}

template <class Backbone, class Cuts>
struct probed_network;

/// The smallest branch at every cut point: nobody wants its answer.
template <class Backbone, int... Cut>
struct probed_network<Backbone, std::integer_sequence<int, Cut...>>
    : with_exits<Backbone, at<Cut + 1, exit_branch<cut_name<Cut + 1>(), global_average_pool,
                                                   dense<lowered<Backbone>::classes>>>...> {};

}  // namespace detail

/// One thread's: it holds an engine. Cut points are numbered from 1, as in `at`.
template <class Backbone>
class trunk_probe {
 public:
  static constexpr int cuts = static_cast<int>(lowered<Backbone>::cuts.size());
  using network = detail::probed_network<Backbone, std::make_integer_sequence<int, cuts>>;
  using frame = typename engine<network>::frame;

  /// The backbone's weights, packed once for all threads.
  struct trunk {
    packed<network> values;

    explicit trunk(const weights<Backbone>& w) {
      std::vector<float> canonical(lowered<network>::parameters, 0.0F);
      std::copy(w.values.begin(), w.values.end(), canonical.begin());
      pack(std::span<const float, lowered<network>::parameters>(canonical), values);
    }
  };

  explicit trunk_probe(const trunk& weights) : net_(std::make_unique<engine<network>>(weights.values)) {}

  /// The map at a cut point.
  [[nodiscard]] static shape extent(int cut) {
    return lowered<Backbone>::cuts[static_cast<std::size_t>(cut - 1)].out;
  }
  /// MACs of the backbone up to a cut point.
  [[nodiscard]] static std::uint64_t macs(int cut) {
    return lowered<Backbone>::cuts[static_cast<std::size_t>(cut - 1)].macs;
  }

  /// Runs a frame: observe(cut, feature map, channels last) at every cut point in turn. Returns the
  /// backbone's class scores, valid until the next run.
  template <class Observe>
  std::span<const float> run(frame f, Observe observe) {
    (void)net_->run(f, [&](const evidence& e, verdict) {
      if (e.exit < cuts) observe(e.exit + 1, net_->features(e.exit));
    });
    return net_->logits();
  }

 private:
  std::unique_ptr<engine<network>> net_;
};

}  // namespace flexdnn
