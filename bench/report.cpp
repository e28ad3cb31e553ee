// SPDX-License-Identifier: MIT
// bench/report: whole networks against the core's measured FMA peak, and each exit's time against its MACs.
//
// Every timed sample stands between two bursts of the peak micro-kernel (sampling.hpp). Medians of what is
// kept.
#include <cstdio>
#include <flexdnn/io.hpp>
#include <memory>
#include <string>
#include <vector>

#include "../weights/cifar10_resnet20_exits.hpp"
#include "../weights/cifar10_resnet56_exits.hpp"
#include "sampling.hpp"

namespace {

using namespace flexdnn;

/// Leaves at one exit, whatever it says.
struct exit_at {
  int exit;
  verdict operator()(const evidence& e) const noexcept { return {e.exit == exit, 1.0F}; }
};

template <class Network>
void report(const char* stem, const char* backbone_name) {
  using low = lowered<Network>;
  constexpr int exits = low::exit_count;
  const auto values = std::make_unique<packed<Network>>();
  const std::string file = std::string(FLEXDNN_SOURCE_DIR) + "/weights/" + stem + ".safetensors";
  if (const status s = load(file, *values); !s) {
    std::fprintf(stderr, "report: %s\n", s.message());
    std::exit(1);
  }
  std::vector<float> frame(Network::frame.size());
  for (std::size_t i = 0; i < frame.size(); ++i) frame[i] = static_cast<float>(i % 7) - 3.0F;
  const typename engine<Network>::frame f(frame);

  const auto backbone = std::make_unique<engine<Network, always_last>>(*values);
  std::vector<std::unique_ptr<engine<Network, exit_at>>> paths;
  for (int e = 0; e < exits; ++e)
    paths.push_back(std::make_unique<engine<Network, exit_at>>(*values, exit_at{e}));

  [&]<std::size_t... E>(std::index_sequence<E...>) {
    bench::turns timed;
    timed.add([&] { (void)backbone->run(f); });
    (timed.add([&] { (void)paths[E]->run(f); }), ...);
    for (int r = 0; r < 400; ++r) timed.round();
    const auto [whole, kept] = timed.result_of(0);
    const double gflops = whole > 0.0 ? 2e-9 * static_cast<double>(low::trunk_macs) / whole : 0.0;
    std::printf(
        "\n%s: %.3f MMACs, %.3f ms, %.1f GFLOP/s, %.0f %% of the FMA peak (%.1f GFLOP/s), %zu of 400 samples "
        "kept\n",
        backbone_name, static_cast<double>(low::trunk_macs) * 1e-6, whole * 1e3, gflops,
        100.0 * gflops / timed.peak(), timed.peak(), kept);
    std::printf(
        "  | leaving at | MACs, %% of backbone | time, %% of backbone | kept |\n  | --- | --- | --- | --- "
        "|\n");
    for (std::size_t e = 0; e < static_cast<std::size_t>(exits); ++e) {
      const auto [seconds, n] = timed.result_of(e + 1);
      std::printf("  | %s | %.1f | %.1f | %zu |\n", std::string(low::exits[e].name).c_str(),
                  100.0 * static_cast<double>(low::exits[e].macs) / static_cast<double>(low::trunk_macs),
                  whole > 0.0 ? 100.0 * seconds / whole : 0.0, n);
    }
  }
  (std::make_index_sequence<static_cast<std::size_t>(exits)>{});
}

}  // namespace

int main() {
  bench::pin_to_one_core();
  report<cifar10_resnet20_exits>("cifar10_resnet20_exits", "ResNet-20");
  report<cifar10_resnet56_exits>("cifar10_resnet56_exits", "ResNet-56");
  std::printf("\n");
}
