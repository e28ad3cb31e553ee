// SPDX-License-Identifier: MIT
// row_chain: the bits of its links computed one after another, whole map by whole map.
#include <flexdnn/kernels/row_chain.hpp>

#include <doctest/doctest.h>

#include <flexdnn/layers/conv2d.hpp>
#include <flexdnn/layers/depthwise_conv2d.hpp>
#include <random>
#include <vector>

#include "example.hpp"

namespace {

using namespace convolution_test;

template <class Layer>
constexpr convolution of(shape in) {
  return Layer::geometry(in);
}

template <class Arch, convolution C>
constexpr std::size_t packed_floats = (packed_size(C, tile_of<Arch>) + 15) / 16 * 16;

/// Links of the same activation, on random weights.
template <class Arch, convolution... Links>
class chain_case {
  using chain = row_chain<Arch, chain_link<leaky, Links, packed_floats<Arch, Links>>...>;
  static constexpr shape result = std::array{Links...}.back().out;

  std::mt19937 random_{static_cast<std::uint32_t>(result.size())};
  std::vector<float> in_ = reference::uniform(std::array{Links...}.front().in.size(), random_);
  std::vector<float> packed_, added_ = reference::uniform(result.size(), random_), wanted_;

  /// Appends a link's weights, and computes it on all of `maps`.
  template <convolution C>
  void add(std::vector<float>& maps) {
    const example e(C, random_);
    const std::size_t at = packed_.size();
    packed_.resize(at + packed_floats<Arch, C>, quiet_nan);
    pack(C, tile_of<Arch>, e.weight.data(), e.bias.data(), nullptr, nullptr, packed_.data() + at);
    std::vector<float> out(C.out.size());
    const bool last = packed_.size() == (packed_floats<Arch, Links> + ...);
    convolve_constant<leaky, C>(maps.data(), packed_.data() + at, last ? added_.data() : nullptr, out.data(),
                                nullptr, Arch{});
    maps = out;
  }

 public:
  explicit chain_case(bool adds_input = false) {
    if (adds_input) added_ = in_;
    wanted_ = in_;
    (add<Links>(wanted_), ...);
  }

  void check_in_place_of_input() {
    guarded x(in_, random_);
    guarded scratch(chain::scratch_floats, quiet_nan, random_);
    chain::run(x.data(), packed_.data(), x.data(), x.data(), scratch.data());
    const bool same = x.holds(wanted_);
    CHECK(same);
  }

  void check() {
    for (const residual mode : {residual::apart, residual::in_place}) {
      const guarded x(in_, random_);
      guarded scratch(chain::scratch_floats, quiet_nan, random_);
      guarded out =
          mode == residual::in_place ? guarded(added_, random_) : guarded(result.size(), quiet_nan, random_);
      chain::run(x.data(), packed_.data(), mode == residual::in_place ? out.data() : added_.data(),
                 out.data(), scratch.data());
      const bool edges = x.edges_intact() && scratch.edges_intact() && out.edges_intact();
      CHECK(edges);
      const bool same = out.holds(wanted_) && x.holds(in_);
      CHECK(same);
    }
  }
};

/// [pointwise,] depthwise, pointwise, for both architectures.
template <class Depthwise, shape In, int Inside>
void same_bits() {
  CAPTURE(In.height);
  CAPTURE(Inside);
  constexpr convolution expand = of<conv2d<Inside>>(In);
  constexpr convolution depthwise = of<Depthwise>(expand.out);
  constexpr convolution project = of<conv2d<5>>(depthwise.out);
  chain_case<scalar, expand, depthwise, project>{}.check();
  chain_case<scalar, depthwise, project>{}.check();
  constexpr tile t = tile_of<native>;
  constexpr convolution fast = computed(
      depthwise, t.pixels > 1 && Inside % t.lanes == 0 ? algorithm::depthwise_rows : algorithm::direct);
  chain_case<native, expand, fast, project>{}.check();
  chain_case<native, fast, project>{}.check();
}

using one = depthwise_conv2d<kernel<3>>;
using two = depthwise_conv2d<kernel<3>, stride<2>>;

}  // namespace

TEST_CASE("windows that overlap, skip rows, and reach past either end") {
  same_bits<one, shape{3, 9, 40}, vector_lanes>();
  same_bits<one, shape{3, 1, 40}, vector_lanes>();
  same_bits<one, shape{3, 2, 40}, 3>();
  same_bits<two, shape{2, 11, 80}, 2 * vector_lanes>();
  same_bits<two, shape{2, 10, 81}, 5>();
  same_bits<depthwise_conv2d<kernel<5>, padding<2>>, shape{2, 7, 40}, vector_lanes>();
  same_bits<depthwise_conv2d<kernel<3>, padding<4>>, shape{2, 5, 40}, vector_lanes>();
  same_bits<depthwise_conv2d<kernel<3>, padding<0>>, shape{2, 8, 42}, vector_lanes>();
  same_bits<depthwise_conv2d<kernel<3>, dilation<2>, padding<2>>, shape{2, 9, 40}, 3>();
  same_bits<depthwise_conv2d<kernel<1>, stride<3>, padding<0>>, shape{2, 10, 120}, 3>();
}

TEST_CASE("bands of several rows") {
  same_bits<one, shape{2, 24, 40}, 12 * vector_lanes>();
  same_bits<two, shape{2, 33, 80}, 12 * vector_lanes>();
}

TEST_CASE("a residual block in the place of its input") {
  constexpr convolution expand = of<conv2d<6>>({5, 29, 40}), depthwise = of<one>(expand.out);
  constexpr convolution project = of<conv2d<5>>(depthwise.out);
  chain_case<scalar, expand, depthwise, project>(true).check_in_place_of_input();
  constexpr convolution wide = of<conv2d<8 * vector_lanes>>({5, 29, 40}), windows = of<one>(wide.out);
  chain_case<native, wide, windows, of<conv2d<5>>(windows.out)>(true).check_in_place_of_input();
}

TEST_CASE("only rows are held") {
  constexpr convolution expand = of<conv2d<96>>({16, 112, 112});
  constexpr convolution depthwise = of<two>(expand.out);
  constexpr convolution project = of<conv2d<24>>(depthwise.out);
  using chain = row_chain<scalar, chain_link<leaky, expand, 0>, chain_link<leaky, depthwise, 0>,
                          chain_link<leaky, project, 0>>;
  // Three rows for the window of 3, one of the depthwise layer's outputs.
  CHECK(chain::scratch_floats == 96 * (3 * 112 + 1 * 56));
}
