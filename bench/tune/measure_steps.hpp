// SPDX-License-Identifier: MIT
// measure_steps: each linear step of a network by each algorithm that fits it, as in a frame: its weights
// have been away for as long as the other steps' weights take to pass.
#pragma once

#include <algorithm>
#include <cstddef>
#include <flexdnn/flexdnn.hpp>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../peers/floats.hpp"
#include "../sampling.hpp"

namespace flexdnn::bench {

/// A kernel that can compute a step.
struct candidate {
  algorithm how;
  turns::result measured;
};

/// A layer with its input's shape, wherever in the network it stands.
struct tuned_step {
  std::string layer;  ///< as C++ spells the type
  shape in;
  algorithm chosen;
  std::vector<candidate> candidates;

  [[nodiscard]] const candidate& current() const {
    return *std::ranges::find(candidates, chosen, &candidate::how);
  }
  [[nodiscard]] const candidate& fastest() const {
    return *std::ranges::min_element(candidates, {}, [](const candidate& c) { return c.measured.seconds; });
  }
};

/// A type as GCC ("[with Type = conv2d<16>; ...]") and Clang ("[Type = conv2d<16>]") spell it.
template <class Type>
[[nodiscard]] std::string spelling() {
  constexpr std::string_view function = __PRETTY_FUNCTION__, before = "Type = ";
  const std::size_t first = function.find(before) + before.size();
  return std::string(
      function.substr(first, std::min(function.find(';', first), function.rfind(']')) - first));
}

/// One convolution with relu, called again and again: each call reads another copy of its weights, as many as
/// the network's weights would displace, but 128 MB at most.
template <convolution C>
class rotating_run {
  static constexpr tile t = tile_of<native>;
  static constexpr std::size_t size = (packed_size(C, t) + 15) / 16 * 16;

 public:
  explicit rotating_run(std::size_t network_floats)
      : copies_(std::clamp(network_floats / size, std::size_t{1}, (std::size_t{32} << 20) / size + 1)),
        in_(C.in.size(), 0.5F),
        out_(C.out.size()),
        scratch_(scratch_size(C, t)),
        packed_(copies_ * size) {
    const std::vector<float> weight(static_cast<std::size_t>(C.out.channels * C.taps()), 0.01F);
    for (std::size_t i = 0; i < copies_; ++i) {
      pack(C, t, weight.data(), nullptr, nullptr, nullptr, packed_.data() + i * size);
    }
  }

  void operator()() {
    convolve_constant<relu, C>(in_.data(), packed_.data() + next_ * size, nullptr, out_.data(),
                               scratch_.data(), native{});
    next_ = (next_ + 1) % copies_;
  }

 private:
  std::size_t copies_, next_ = 0;
  floats in_, out_, scratch_, packed_;
};

template <class Layer, shape In, std::size_t NetworkFloats>
[[nodiscard]] tuned_step measure_step(int rounds) {
  constexpr tile t = tile_of<native>;
  constexpr convolution c = Layer::geometry(In);
  tuned_step step{spelling<Layer>(), In, algorithm_of<Layer, In, t>, {}};
  turns all;
  const auto add = [&]<algorithm How>(std::integral_constant<algorithm, How>) {
    constexpr convolution by = [] {
      convolution chosen = computed(Layer::geometry(In), How);
      chosen.streamed = streamed(chosen, tile_of<native>, NetworkFloats);
      return chosen;
    }();
    all.add([run = std::make_shared<rotating_run<by>>(NetworkFloats)] { (*run)(); });
    step.candidates.push_back({How, {}});
  };
  add(std::integral_constant<algorithm, algorithm::direct>{});
  if constexpr (winograd_fits(c, t)) {
    add(std::integral_constant<algorithm, algorithm::winograd2>{});
    add(std::integral_constant<algorithm, algorithm::winograd4>{});
    add(std::integral_constant<algorithm, algorithm::winograd6>{});
  }
  if constexpr (depthwise_rows_fits(c, t)) {
    add(std::integral_constant<algorithm, algorithm::depthwise_rows>{});
  }
  for (int i = 0; i < rounds; ++i) all.round();
  for (std::size_t i = 0; i < step.candidates.size(); ++i) step.candidates[i].measured = all.result_of(i);
  return step;
}

/// The steps that leave a choice, each once.
template <class Network>
[[nodiscard]] std::vector<tuned_step> measure_steps(int rounds) {
  using low = lowered<Network>;
  std::vector<tuned_step> steps;
  [&]<std::size_t... Step>(std::index_sequence<Step...>) {
    const auto one = [&]<std::size_t S>(std::integral_constant<std::size_t, S>) {
      constexpr step s = low::steps[S];
      using layer = element_or<s.lead, typename low::leaves, void>;
      if constexpr (requires { layer::geometry(s.in); }) {
        constexpr convolution c = layer::geometry(s.in);
        constexpr tile t = tile_of<native>;
        if constexpr (winograd_fits(c, t) || depthwise_rows_fits(c, t)) {
          const auto same = [&](const tuned_step& known) {
            return known.in == s.in && known.layer == spelling<layer>();
          };
          if (std::ranges::any_of(steps, same)) return;
          steps.push_back(measure_step<layer, s.in, program<Network, native_target>::packed_floats>(rounds));
        }
      }
    };
    (one(std::integral_constant<std::size_t, Step>{}), ...);
  }
  (std::make_index_sequence<low::steps.size()>{});
  return steps;
}

}  // namespace flexdnn::bench
