// SPDX-License-Identifier: MIT
// part: parts computed one by one are the whole, bit by bit, wherever rows or panels are cut.
#include <flexdnn/kernels/part.hpp>

#include <doctest/doctest.h>

#include <cstring>
#include <flexdnn/kernels/pool.hpp>
#include <random>
#include <vector>

#include "example.hpp"

namespace {

using namespace convolution_test;

/// Windows of any kind: strides past the kernel, padding past the map, dilation, groups, depthwise.
convolution random_windows(std::mt19937& random) {
  const auto draw = [&](int least, int most) {
    return std::uniform_int_distribution<int>(least, most)(random);
  };
  convolution c;
  c.groups = draw(1, 3);
  c.in.channels = c.groups * draw(1, 4);
  c.out.channels = draw(0, 3) == 0 ? c.groups = c.in.channels : c.groups * draw(1, 12);
  const auto axis = [&](int& extent, int& kernel, int& stride, int& padding, int& dilation, int& result) {
    kernel = draw(1, 4), stride = draw(1, 5), padding = draw(0, 6), dilation = draw(1, 2);
    const int reach = (kernel - 1) * dilation + 1;
    extent = draw(std::max(1, reach - 2 * padding), reach + 7);
    result = (extent + 2 * padding - reach) / stride + 1;
  };
  axis(c.in.height, c.kernel_h, c.stride_h, c.padding_h, c.dilation_h, c.out.height);
  axis(c.in.width, c.kernel_w, c.stride_w, c.padding_w, c.dilation_w, c.out.width);
  return c;
}

/// Computes both sides of every cut of n things.
template <class Part>
void at_every_cut(int n, Part part) {
  for (int cut = 0; cut <= n; ++cut) {
    for (const range side : {range{0, cut}, range{cut, n}}) {
      if (side.size() > 0) part(side);
    }
  }
}

}  // namespace

TEST_CASE("portions follow one another, cover everything, and differ by one at most") {
  for (const int shares : {1, 2, 3, 7}) {
    for (const int n : {0, 1, 2, 5, 14, 1'000'000'000}) {
      int next = 0;
      for (int i = 0; i < shares; ++i) {
        const range r = portion(n, i, shares);
        CHECK(r.first == next);
        CHECK(r.size() >= n / shares);
        CHECK(r.size() <= (n + shares - 1) / shares);
        next = r.last;
      }
      CHECK(next == n);
    }
  }
}

TEST_CASE("convolutions in parts") {
  std::mt19937 random(1);
  for (int i = 0; i < 40; ++i) {
    const example e(random_windows(random), random);
    CAPTURE(e.c.in.height);
    CAPTURE(e.c.kernel_h);
    CAPTURE(e.c.stride_h);
    CAPTURE(e.c.padding_h);
    constexpr tile t = tile_of<scalar>;
    std::vector<float> weights(packed_size(e.c, t)), whole(e.c.out.size());
    pack(e.c, t, e.weight.data(), e.bias.data(), nullptr, nullptr, weights.data());
    convolve<leaky>(e.c, e.in.data(), weights.data(), e.added.data(), whole.data(), nullptr, scalar{});
    std::vector<float> got(whole.size(), quiet_nan);
    const auto compute = [&](const part<convolution>& p) {
      convolve<leaky>(p.geometry, e.in.data() + p.in, weights.data() + p.packed, e.added.data() + p.out,
                      got.data() + p.out, nullptr, scalar{});
    };
    at_every_cut(e.c.out.height, [&](range rows) { compute(rows_of(e.c, rows)); });
    CHECK(got == whole);
    if (e.c.groups > 1 || e.c.in.channels == 1) continue;
    std::ranges::fill(got, quiet_nan);
    at_every_cut((e.c.out.channels + t.panel() - 1) / t.panel(),
                 [&](range panels) { compute(panels_of(e.c, t, panels)); });
    CHECK(got == whole);
  }
}

TEST_CASE("pools in parts, windows past the end of the padded map included") {
  std::mt19937 random(2);
  for (const bool count_padding : {true, false}) {
    for (const int beyond : {0, 1}) {
      const pooling p{.in = {5, 9, 7},
                      .out = {5, 5 + beyond, 4},
                      .kernel_h = 3,
                      .kernel_w = 3,
                      .stride_h = 2,
                      .stride_w = 2,
                      .padding_h = 1,
                      .padding_w = 1,
                      .beyond_h = 2 * beyond,
                      .count_padding = count_padding};
      const std::vector<float> in = reference::uniform(p.in.size(), random);
      for (const auto pool : {&max_pool, &average_pool}) {
        std::vector<float> whole(p.out.size()), got(p.out.size(), quiet_nan);
        pool(p, in.data(), whole.data());
        at_every_cut(p.out.height, [&](range rows) {
          const part<pooling> one = rows_of(p, rows);
          pool(one.geometry, in.data() + one.in, got.data() + one.out);
        });
        CHECK(std::memcmp(got.data(), whole.data(), whole.size() * sizeof(float)) == 0);
      }
    }
  }
}
