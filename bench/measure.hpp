// SPDX-License-Identifier: MIT
// measure: one convolution as a benchmark: GFLOP/s and share of the measured peak, with residual and relu.
#pragma once

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstddef>
#include <flexdnn/kernels/convolve.hpp>
#include <flexdnn/kernels/pack.hpp>
#include <flexdnn/layers/relu.hpp>
#include <flexdnn/plan/choose.hpp>
#include <string>
#include <type_traits>
#include <vector>

#include "peak.hpp"

namespace flexdnn::bench {

/// Best time of one call against the best peak, which is measured again after every 20 ms of kernel time:
/// on a shared machine both move together.
template <convolution C>
void measure(benchmark::State& state) {
  constexpr tile t = tile_of<native>;
  std::vector<float> in(C.in.size(), 0.5f);
  std::vector<float> out(C.out.size());
  std::vector<float> residual(C.out.size(), 0.25f);
  std::vector<float> weight(static_cast<std::size_t>(C.out.channels) * static_cast<std::size_t>(C.taps()),
                            0.01f);
  std::vector<float> packed(packed_size(C, t));
  std::vector<float> scratch(scratch_size(C, t));
  pack(C, t, weight.data(), nullptr, nullptr, nullptr, packed.data());

  double peak = peak_gflops();
  double best = 1e9;
  double since = 0;
  for (auto _ : state) {
    const double start = seconds();
    convolve_constant<relu, C>(in.data(), packed.data(), residual.data(), out.data(), scratch.data(),
                               native{});
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
  const double gflops = 2e-9 * static_cast<double>(C.macs()) / best;
  state.counters["GFLOP/s"] = gflops;
  state.counters["peak_share"] = gflops / peak;
}

/// Registers KIND/KxK/CxHxW[/toO][/strideS]/ALGORITHM for each algorithm that fits.
template <convolution C>
void add() {
  const auto text = [](int n) { return std::to_string(n); };
  std::string name = C.depthwise() ? "depthwise/" : "convolve/";
  name += text(C.kernel_h) + "x" + text(C.kernel_w) + "/" + text(C.in.channels) + "x" + text(C.in.height) +
          "x" + text(C.in.width);
  if (C.out.channels != C.in.channels) name += "/to" + text(C.out.channels);
  if (C.stride_h != 1) name += "/stride" + text(C.stride_h);
  const auto one = [&]<algorithm How>(std::integral_constant<algorithm, How>, const char* suffix) {
    benchmark::RegisterBenchmark((name + suffix).c_str(), &measure<computed(C, How)>)->UseManualTime();
  };
  constexpr tile t = tile_of<native>;
  one(std::integral_constant<algorithm, algorithm::direct>{}, "/direct");
  if constexpr (winograd_fits(C, t)) {
    one(std::integral_constant<algorithm, algorithm::winograd2>{}, "/winograd2");
    one(std::integral_constant<algorithm, algorithm::winograd4>{}, "/winograd4");
    one(std::integral_constant<algorithm, algorithm::winograd6>{}, "/winograd6");
  }
  if constexpr (depthwise_rows_fits(C, t)) {
    one(std::integral_constant<algorithm, algorithm::depthwise_rows>{}, "/rows");
  }
}

}  // namespace flexdnn::bench
