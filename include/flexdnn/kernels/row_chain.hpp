// SPDX-License-Identifier: MIT
// row_chain: convolutions in a row, computed by bands of rows, so that no map between them is ever whole.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <tuple>

#include "convolve.hpp"
#include "part.hpp"

namespace flexdnn {

/// One convolution of a chain, and the floats from its packed weights to those of the next.
template <class Activation, convolution C, std::size_t Packed>
struct chain_link {
  using activation = Activation;
  static constexpr convolution layer = C;
  static constexpr std::size_t packed = Packed;
};

/// Each link reads what the one before it wrote; none needs scratch. Of a map between two, memory holds the
/// rows that a band of the last link's rows reads: MobileNetV2's largest, 96 x 112 x 112, takes 172 KB and
/// not 4.8 MB. Rows that the next band reads too are moved, not computed again.
template <class Arch, class... Links>
class row_chain {
  static constexpr int last = sizeof...(Links) - 1;
  static constexpr std::array layers{Links::layer...};
  static constexpr std::array packed_floats{Links::packed...};

  template <int Link>
  using link = std::tuple_element_t<static_cast<std::size_t>(Link), std::tuple<Links...>>;

  /// Rows of Link's input that its output rows read.
  static constexpr range read_by(int l, range rows) {
    const convolution& c = layers[static_cast<std::size_t>(l)];
    const auto row = [&](int below_top) { return std::clamp(below_top - c.padding_h, 0, c.in.height); };
    return {row(rows.first * c.stride_h), row((rows.last - 1) * c.stride_h + c.reach_h())};
  }
  static constexpr std::ptrdiff_t row_floats(int l) {
    const shape map = layers[static_cast<std::size_t>(l)].out;
    return static_cast<std::ptrdiff_t>(map.width) * map.channels;
  }

  struct division {
    int rows = 1;  ///< of the last link's output, in a band
    std::array<std::size_t, sizeof...(Links)>
        held{};  ///< where each held map begins in scratch; then their end
  };
  static constexpr division cut(int rows) {
    division d{rows};
    std::size_t at = 0;
    for (int l = last; l-- > 0;) {
      const convolution& c = layers[static_cast<std::size_t>(l) + 1];
      rows = std::min((rows - 1) * c.stride_h + c.reach_h(), c.in.height);
      d.held[static_cast<std::size_t>(l)] = at;
      at += (static_cast<std::size_t>(rows * row_floats(l)) + 15) / 16 * 16;
    }
    d.held[last] = at;
    return d;
  }

  /// With vectors, the bands of nearly one size whose held rows fit 192 KB of an L2 of 512; without, single
  /// rows, because memory is scarcer there than calls are dear.
  static constexpr division bands = [] {
    constexpr std::size_t budget = tile_of<Arch>.pixels > 1 ? 48 * 1024 : 0;
    const int height = layers[last].out.height;
    int most = 1;
    while (most < height && cut(most + 1).held[last] <= budget) ++most;
    const int count = (height + most - 1) / most;
    return cut((height + count - 1) / count);
  }();

 public:
  static constexpr std::size_t scratch_floats = bands.held[last];

  /// in, out and residual are whole maps, as convolve's; out may be residual, also where that is the input of
  /// a pointwise link, and overlaps nothing else.
  static void run(const float* in, const float* packed, const float* residual, float* out,
                  float* scratch) noexcept {
    row_chain chain{in, packed, scratch};
    constexpr convolution whole = layers[last];
    for (int first = 0; first < whole.out.height; first += bands.rows) {
      const auto to = static_cast<std::ptrdiff_t>(first) * whole.out.width * whole.out_step();
      chain.compute<last>({first, std::min(first + bands.rows, whole.out.height)},
                          residual != nullptr ? residual + to : nullptr, out + to);
    }
  }

 private:
  row_chain(const float* in, const float* packed, float* scratch)
      : in_(in), packed_(packed), scratch_(scratch) {}

  /// Rows of Link's output, which begin at out.
  template <int Link>
  void compute(range rows, const float* residual, float* out) noexcept {
    using one = link<Link>;
    const part<convolution> p = rows_of(one::layer, rows);
    const float* in = in_ + p.in;
    if constexpr (Link > 0) {
      hold<Link - 1>(read_by(Link, rows));
      in = held<Link - 1>() + (p.in - held_rows_[Link - 1].first * row_floats(Link - 1));
    }
    constexpr std::size_t weights = [] {
      std::size_t sum = 0;
      for (int l = 0; l < Link; ++l) sum += packed_floats[static_cast<std::size_t>(l)];
      return sum;
    }();
    convolve_part<typename one::activation, one::layer>(p.geometry, in, packed_ + weights, residual, out,
                                                        nullptr, Arch{});
  }

  template <int Link>
  [[nodiscard]] float* held() const {
    return scratch_ + bands.held[Link];
  }

  /// Makes the held rows of Link's output these. They begin no earlier than those held now.
  template <int Link>
  void hold(range rows) noexcept {
    range& now = held_rows_[Link];
    float* const at = held<Link>();
    const std::ptrdiff_t row = row_floats(Link);
    const int kept = std::max(now.last - rows.first, 0);
    if (kept > 0 && rows.first > now.first) std::copy_n(at + (rows.first - now.first) * row, kept * row, at);
    now = rows;
    if (kept < rows.size()) compute<Link>({rows.first + kept, rows.last}, nullptr, at + kept * row);
  }

  const float* in_;
  const float* packed_;
  float* scratch_;
  std::array<range, sizeof...(Links) - 1> held_rows_{};
};

}  // namespace flexdnn
