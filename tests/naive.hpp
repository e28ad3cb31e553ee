// SPDX-License-Identifier: MIT
// naive: a network evaluated type by type as it is written: no plan, no fusion, no loops, sums in double.
#pragma once

#include <doctest/doctest.h>

#include <cmath>
#include <flexdnn/flexdnn.hpp>
#include <string_view>
#include <utility>
#include <vector>

#include "reference.hpp"

namespace reference {

/// A feature map, channels last; rounded to float between layers.
struct map {
  flexdnn::shape extent;
  std::vector<float> values;
};

/// Draws the weights of a network where its layers expect them, in canonical order, and evaluates frames
/// with them. Independent of builder, lowered and program: it reads the composition's types alone.
class naive {
 public:
  explicit naive(std::uint32_t seed) : random_(seed) {}

  /// Class scores of every exit in order, written ones and the final one.
  template <class Network>
  const std::vector<std::vector<float>>& run(const std::vector<float>& frame) {
    cursor_[0] = cursor_[1] = 0;
    side_ = 0;
    scores_.clear();
    leaves_exit_ = false;
    const map last = parts<typename Network::parts>({Network::frame, frame});
    if (!leaves_exit_) scores_.push_back(last.values);
    return scores_;
  }

  /// The canonical block: the trunk's numbers, then the exits'.
  [[nodiscard]] std::vector<float> weights() const {
    std::vector<float> all = store_[0];
    all.insert(all.end(), store_[1].begin(), store_[1].end());
    return all;
  }
  [[nodiscard]] std::size_t trunk_weights() const { return store_[0].size(); }

  template <class Type>
  map apply(map x) {
    if constexpr (requires { Type::is_exit; }) {
      side_ = 1;
      scores_.push_back(parts<typename Type::parts>(x).values);
      side_ = 0;
      leaves_exit_ = true;
      return x;
    } else if constexpr (flexdnn::composite<Type>) {
      return composed(typename Type::parts{}, static_cast<const Type*>(nullptr), std::move(x));
    } else {
      leaves_exit_ = false;
      const flexdnn::shape out = Type::output(x.extent);
      const std::vector<double> y = leaf<Type>(x);
      REQUIRE(y.size() == out.size());
      return {out, std::vector<float>(y.begin(), y.end())};
    }
  }

  /// The next n weights of the side being evaluated, uniform in [low, high) when first asked for.
  const float* take(std::size_t n, double low, double high) {
    std::vector<float>& store = store_[side_];
    std::size_t& cursor = cursor_[side_];
    std::uniform_real_distribution<float> value(static_cast<float>(low), static_cast<float>(high));
    while (store.size() < cursor + n) store.push_back(value(random_));
    cursor += n;
    return store.data() + (cursor - n);
  }

 private:
  template <class List>
  map parts(map x) {
    return [&]<class... Types>(flexdnn::type_list<Types...>) {
      [[maybe_unused]] const int in_order[] = {0, (x = apply<Types>(std::move(x)), 0)...};
      return std::move(x);
    }(List{});
  }

  // Types derived from repeat or residual too: a pointer to a base is a better match than one to void.
  template <class Parts>
  map composed(Parts, const void*, map x) {
    return parts<Parts>(std::move(x));
  }
  template <class Parts, int Count, class Block>
  map composed(Parts, const flexdnn::repeat<Count, Block>*, map x) {
    for (int i = 0; i < Count; ++i) x = apply<Block>(std::move(x));
    return x;
  }
  template <class Parts, class Body, class Shortcut, class After>
  map composed(Parts, const flexdnn::residual<Body, Shortcut, After>*, map x) {
    map side = x;
    if constexpr (!std::is_same_v<Shortcut, flexdnn::none>) side = apply<Shortcut>(x);
    map y = apply<Body>(std::move(x));
    REQUIRE(y.extent == side.extent);
    for (std::size_t i = 0; i < y.values.size(); ++i) y.values[i] += side.values[i];
    if constexpr (!std::is_same_v<After, flexdnn::none>) y = apply<After>(std::move(y));
    return y;
  }

  template <class Parts, class... Branches>
  map composed(Parts, const flexdnn::parallel<Branches...>*, map x) {
    std::vector<map> sides;
    [[maybe_unused]] const int in_order[] = {0, (sides.push_back(apply<Branches>(x)), 0)...};
    map y{{0, sides[0].extent.height, sides[0].extent.width}, {}};
    for (const map& side : sides) y.extent.channels += side.extent.channels;
    for (int p = 0; p < y.extent.pixels(); ++p) {
      for (const map& side : sides) {
        const auto first = side.values.begin() + static_cast<std::ptrdiff_t>(p) * side.extent.channels;
        y.values.insert(y.values.end(), first, first + side.extent.channels);
      }
    }
    return y;
  }
  template <class Parts, class Gate>
  map composed(Parts, const flexdnn::gated<Gate>*, map x) {
    const map gate = apply<Gate>(x);
    for (std::size_t i = 0; i < x.values.size(); ++i) x.values[i] *= gate.values[i % gate.values.size()];
    return x;
  }

  template <class Layer>
  std::vector<double> leaf(const map& x) {
    using flexdnn::layer_role;
    if constexpr (Layer::role == layer_role::linear) {
      return linear(Layer::geometry(x.extent), Layer::has_bias, x);
    } else if constexpr (Layer::role == layer_role::channel_affine) {
      return batch_norm(x, Layer::epsilon);
    } else if constexpr (Layer::role == layer_role::identity) {
      return {x.values.begin(), x.values.end()};
    } else {
      return general(static_cast<const Layer*>(nullptr), x);
    }
  }

  std::vector<double> linear(const flexdnn::convolution& c, bool has_bias, const map& x) {
    const double scale = std::sqrt(3.0 / c.taps());
    const auto outputs = static_cast<std::size_t>(c.out.channels);
    take(outputs * static_cast<std::size_t>(c.taps()), -scale, scale);
    if (has_bias) take(outputs, -0.5, 0.5);
    const std::size_t total = outputs * static_cast<std::size_t>(c.taps() + (has_bias ? 1 : 0));
    const float* weight = store_[side_].data() + (cursor_[side_] - total);  // after both: the block may move
    const float* bias = has_bias ? weight + outputs * static_cast<std::size_t>(c.taps()) : nullptr;
    return convolve(c, x.values.data(), weight, bias);
  }

  std::vector<double> batch_norm(const map& x, double epsilon) {
    const auto channels = static_cast<std::size_t>(x.extent.channels);
    take(channels, 0.5, 1.5);                              // weight
    take(channels, -0.5, 0.5), take(channels, -0.5, 0.5);  // bias, running mean
    const float* variance = take(channels, 0.5, 1.5);
    std::vector<double> y(x.values.begin(), x.values.end());
    for (std::size_t i = 0; i < y.size(); ++i) {
      const auto at = [&, c = i % channels](std::size_t block) {
        return static_cast<double>((variance - 3 * channels)[block * channels + c]);
      };
      y[i] = at(0) * (y[i] - at(2)) / std::sqrt(at(3) + epsilon) + at(1);
    }
    return y;
  }

  static std::vector<double> general(const flexdnn::relu*, const map& x) {
    std::vector<double> y(x.values.begin(), x.values.end());
    for (double& v : y) v = v < 0 ? 0 : v;
    return y;
  }
  template <class Function>
  static std::vector<double> each(const map& x, Function f) {
    std::vector<double> y(x.values.begin(), x.values.end());
    for (double& v : y) v = f(v);
    return y;
  }
  static double logistic(double v) { return 1 / (1 + std::exp(-v)); }
  static double ramp(double v) { return std::fmin(std::fmax(v + 3, 0), 6) / 6; }
  static std::vector<double> general(const flexdnn::relu6*, const map& x) {
    return each(x, [](double v) { return v < 0 ? 0 : v > 6 ? 6 : v; });
  }
  template <class Slope>
  static std::vector<double> general(const flexdnn::leaky_relu<Slope>*, const map& x) {
    return each(x, [](double v) { return v < 0 ? v * Slope::num / Slope::den : v; });
  }
  static std::vector<double> general(const flexdnn::sigmoid*, const map& x) { return each(x, logistic); }
  static std::vector<double> general(const flexdnn::hard_sigmoid*, const map& x) { return each(x, ramp); }
  static std::vector<double> general(const flexdnn::swish*, const map& x) {
    return each(x, [](double v) { return v * logistic(v); });
  }
  static std::vector<double> general(const flexdnn::hard_swish*, const map& x) {
    return each(x, [](double v) { return v * ramp(v); });
  }
  static std::vector<double> general(const flexdnn::softmax2d*, const map& x) {
    std::vector<double> y = each(x, [](double v) { return std::exp(v); });
    const auto channels = static_cast<std::size_t>(x.extent.channels);
    for (std::size_t p = 0; p < y.size(); p += channels) {
      double sum = 0;
      for (std::size_t c = 0; c < channels; ++c) sum += y[p + c];
      for (std::size_t c = 0; c < channels; ++c) y[p + c] /= sum;
    }
    return y;
  }
  template <int Groups>
  static std::vector<double> general(const flexdnn::channel_shuffle<Groups>*, const map& x) {
    std::vector<double> y(x.values.size());
    for (int c = 0; c < x.extent.channels; ++c) {
      const int to = c % (x.extent.channels / Groups) * Groups + c / (x.extent.channels / Groups);
      for (int h = 0; h < x.extent.height; ++h) {
        for (int w = 0; w < x.extent.width; ++w) {
          y[at(x.extent, to, h, w)] = static_cast<double>(x.values[at(x.extent, c, h, w)]);
        }
      }
    }
    return y;
  }
  template <class... Options>
  static std::vector<double> general(const flexdnn::max_pool2d<Options...>*, const map& x) {
    return max_pool(flexdnn::max_pool2d<Options...>::geometry_of(x.extent), x.values.data());
  }
  template <class... Options>
  static std::vector<double> general(const flexdnn::average_pool2d<Options...>*, const map& x) {
    return average_pool(flexdnn::average_pool2d<Options...>::geometry_of(x.extent), x.values.data());
  }
  static std::vector<double> general(const flexdnn::global_average_pool*, const map& x) {
    return average_pixels(x.extent, x.values.data());
  }
  static std::vector<double> general(const flexdnn::flatten*, const map& x) {
    std::vector<double> y;
    for (int c = 0; c < x.extent.channels; ++c) {
      for (int h = 0; h < x.extent.height; ++h) {
        for (int w = 0; w < x.extent.width; ++w) {
          y.push_back(static_cast<double>(x.values[at(x.extent, c, h, w)]));
        }
      }
    }
    return y;
  }
  template <int Out, int Stride>
  static std::vector<double> general(const flexdnn::zero_pad_shortcut<Out, Stride>*, const map& x) {
    const flexdnn::shape in = x.extent;
    const flexdnn::shape out{Out, (in.height - 1) / Stride + 1, (in.width - 1) / Stride + 1};
    std::vector<double> y(out.size());
    for (int c = 0; c < in.channels; ++c) {
      for (int h = 0; h < out.height; ++h) {
        for (int w = 0; w < out.width; ++w) {
          y[at(out, c + (Out - in.channels) / 2, h, w)] =
              static_cast<double>(x.values[at(in, c, h * Stride, w * Stride)]);
        }
      }
    }
    return y;
  }

  std::mt19937 random_;
  std::vector<float> store_[2];
  std::size_t cursor_[2]{};
  std::size_t side_ = 0;  ///< 0: the trunk's weights, 1: the exits'
  bool leaves_exit_ = false;
  std::vector<std::vector<float>> scores_;
};

}  // namespace reference
