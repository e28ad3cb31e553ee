// SPDX-License-Identifier: MIT
// bench/convolve: GFLOP/s and share of the measured peak of convolutions, with residual and relu.
#include <benchmark/benchmark.h>

#include <cstddef>
#include <flexdnn/kernels/convolve.hpp>
#include <flexdnn/kernels/pack.hpp>
#include <string>
#include <vector>

#include "peak.hpp"

namespace {

using namespace flexdnn;

struct relu {
  template <class V>
  static V apply(V x) {
    return select(x < V(0), V(0), x);
  }
};

/// Best time of one call against the best peak, which is measured again every 20 ms of kernel time:
/// on a shared machine both move together.
void run(benchmark::State& state, const convolution& c) {
  std::vector<float> in(c.in.size(), 0.5f);
  std::vector<float> out(c.out.size());
  std::vector<float> residual(c.out.size(), 0.25f);
  std::vector<float> weight(static_cast<std::size_t>(c.out.channels) * static_cast<std::size_t>(c.taps()), 0.01f);
  std::vector<float> packed(packed_size(c, tile_of<native>));
  std::vector<float> scratch(scratch_size(c));
  pack(c, tile_of<native>, weight.data(), nullptr, nullptr, nullptr, packed.data());

  double peak = bench::peak_gflops();
  double best = 1e9;
  double since = 0;
  for (auto _ : state) {
    const double start = bench::seconds();
    convolve<relu>(c, in.data(), packed.data(), residual.data(), out.data(), scratch.data(), native{});
    benchmark::ClobberMemory();
    const double took = bench::seconds() - start;
    state.SetIterationTime(took);
    best = std::min(best, took);
    if ((since += took) > 0.02) {
      peak = std::max(peak, bench::peak_gflops(1));
      since = 0;
    }
  }
  const double gflops = 2e-9 * static_cast<double>(c.macs()) / best;
  state.counters["GFLOP/s"] = gflops;
  state.counters["peak_share"] = gflops / peak;
}

void add(int kernel, int channels, int outputs, int size, int stride) {
  const int out = (size + stride - 1) / stride;
  const convolution c{.in = {channels, size, size},
                      .out = {outputs, out, out},
                      .kernel_h = kernel,
                      .kernel_w = kernel,
                      .stride_h = stride,
                      .stride_w = stride,
                      .padding_h = kernel / 2,
                      .padding_w = kernel / 2};
  const std::string extents = std::to_string(kernel) + "x" + std::to_string(kernel) + "/" +
                              std::to_string(channels) + "x" + std::to_string(size) + "x" + std::to_string(size);
  const std::string change =
      (outputs != channels ? "/to" + std::to_string(outputs) : "") + (stride != 1 ? "/stride" + std::to_string(stride) : "");
  benchmark::RegisterBenchmark(("convolve/" + extents + change).c_str(), [c](benchmark::State& s) { run(s, c); })
      ->UseManualTime();
}

}  // namespace

int main(int argc, char** argv) {
  add(3, 3, 16, 32, 1);
  add(3, 16, 16, 32, 1);
  add(3, 16, 32, 32, 2);
  add(3, 32, 32, 16, 1);
  add(3, 64, 64, 8, 1);
  add(3, 64, 64, 56, 1);
  add(3, 128, 128, 28, 1);
  add(3, 256, 256, 14, 1);
  add(3, 512, 512, 14, 1);
  add(3, 512, 512, 7, 1);
  add(7, 3, 64, 224, 2);
  add(1, 16, 16, 32, 1);
  add(1, 16, 96, 32, 1);
  add(1, 64, 64, 56, 1);
  add(1, 256, 64, 56, 1);
  add(1, 512, 512, 7, 1);
  add(1, 64, 10, 1, 1);
  add(1, 512, 512, 1, 1);
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
