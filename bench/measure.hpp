// SPDX-License-Identifier: MIT
// measure: one convolution as a benchmark: GFLOP/s and share of the measured peak, with residual and relu.
#pragma once

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstddef>
#include <flexdnn/kernels/convolve.hpp>
#include <flexdnn/kernels/pack.hpp>
#include <flexdnn/layers/relu.hpp>
#include <string>
#include <vector>

#include "peak.hpp"

namespace flexdnn::bench {

/// Best time of one call against the best peak, which is measured again after every 20 ms of kernel time:
/// on a shared machine both move together.
inline void measure(benchmark::State& state, const convolution& c) {
  constexpr tile t = tile_of<native>;
  std::vector<float> in(c.in.size(), 0.5f);
  std::vector<float> out(c.out.size());
  std::vector<float> residual(c.out.size(), 0.25f);
  std::vector<float> weight(static_cast<std::size_t>(c.out.channels) * static_cast<std::size_t>(c.taps()),
                            0.01f);
  std::vector<float> packed(packed_size(c, t));
  std::vector<float> scratch(scratch_size(c));
  pack(c, t, weight.data(), nullptr, nullptr, nullptr, packed.data());

  double peak = peak_gflops();
  double best = 1e9;
  double since = 0;
  for (auto _ : state) {
    const double start = seconds();
    convolve<relu>(c, in.data(), packed.data(), residual.data(), out.data(), scratch.data(), native{});
    benchmark::ClobberMemory();
    const double took = seconds() - start;
    state.SetIterationTime(took);
    best = std::min(best, took);
    since += took;
    if (since > 0.02) {
      peak = std::max(peak, peak_gflops(1));
      since = 0;
    }
  }
  const double gflops = 2e-9 * static_cast<double>(c.macs()) / best;
  state.counters["GFLOP/s"] = gflops;
  state.counters["peak_share"] = gflops / peak;
}

/// Registers FAMILY/KxK/CxHxW[/toO][/strideS]: a square kernel, padded so that stride 1 keeps the extents.
inline void add(const std::string& family, int kernel, shape in, int outputs, int stride, int groups) {
  const int padding = kernel / 2;
  const auto extent = [&](int size) { return (size + 2 * padding - kernel) / stride + 1; };
  const convolution c{.in = in,
                      .out = {outputs, extent(in.height), extent(in.width)},
                      .kernel_h = kernel,
                      .kernel_w = kernel,
                      .stride_h = stride,
                      .stride_w = stride,
                      .padding_h = padding,
                      .padding_w = padding,
                      .groups = groups};
  const auto text = [](int n) { return std::to_string(n); };
  std::string name = family + "/" + text(kernel) + "x" + text(kernel) + "/" + text(in.channels) + "x" +
                     text(in.height) + "x" + text(in.width);
  if (outputs != in.channels) name += "/to" + text(outputs);
  if (stride != 1) name += "/stride" + text(stride);
  benchmark::RegisterBenchmark(name.c_str(), [c](benchmark::State& state) {
    measure(state, c);
  })->UseManualTime();
}

}  // namespace flexdnn::bench
