// SPDX-License-Identifier: MIT
// bench/report: whole networks against the core's measured FMA peak, and each exit's time against its MACs.
//
// Every timed run stands between two bursts of the peak micro-kernel. A run is kept where both bursts reach
// 97 % of the best one seen: a neighbour on the other hyper-thread slows bursts and network alike. Medians of
// what is kept.
#include <algorithm>
#include <cstdio>
#include <flexdnn/io.hpp>
#include <memory>
#include <string>
#include <vector>

#include "../weights/cifar10_resnet20_exits.hpp"
#include "../weights/cifar10_resnet56_exits.hpp"
#include "peak.hpp"

namespace {

using namespace flexdnn;

/// Leaves at one exit, whatever it says.
struct exit_at {
  int exit;
  verdict operator()(const evidence& e) const noexcept { return {e.exit == exit, 1.0F}; }
};

struct sample {
  double seconds, peak;
};

double median(std::vector<double> values) {
  if (values.empty()) return 0.0;
  std::ranges::nth_element(values, values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2));
  return values[values.size() / 2];
}

/// Times the runners in turn, A B C A B C, `rounds` times.
class bench_run {
 public:
  template <class... Runners>
  explicit bench_run(int rounds, Runners&&... runners) : samples_(sizeof...(runners)) {
    (runners(), ...);  // page faults and caches
    double before = bench::peak_gflops(1);
    for (int r = 0; r < rounds; ++r) {
      std::size_t who = 0;
      const auto time = [&](auto& run) {
        const double start = bench::seconds();
        run();
        const double took = bench::seconds() - start;
        const double after = bench::peak_gflops(1);
        samples_[who++].push_back({took, std::min(before, after)});
        peak_ = std::max({peak_, before, after});
        before = after;
      };
      (time(runners), ...);
    }
  }

  [[nodiscard]] double peak() const { return peak_; }

  /// Median of the kept runs in seconds, and how many were kept.
  [[nodiscard]] std::pair<double, std::size_t> result(std::size_t who) const {
    std::vector<double> kept;
    for (const sample& s : samples_[who]) {
      if (s.peak >= 0.97 * peak_) kept.push_back(s.seconds);
    }
    return {median(kept), kept.size()};
  }

 private:
  double peak_ = 0.0;
  std::vector<std::vector<sample>> samples_;
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
    const bench_run timed(
        400, [&] { (void)backbone->run(f); }, [&] { (void)paths[E]->run(f); }...);
    const auto [whole, kept] = timed.result(0);
    const double gflops = whole > 0.0 ? 2e-9 * static_cast<double>(low::trunk_macs) / whole : 0.0;
    std::printf(
        "\n%s: %.3f MMACs, %.3f ms, %.1f GFLOP/s, %.0f %% of the FMA peak (%.1f GFLOP/s), %zu of 400 runs "
        "kept\n",
        backbone_name, static_cast<double>(low::trunk_macs) * 1e-6, whole * 1e3, gflops,
        100.0 * gflops / timed.peak(), timed.peak(), kept);
    std::printf(
        "  | leaving at | MACs, %% of backbone | time, %% of backbone | kept |\n  | --- | --- | --- | --- "
        "|\n");
    for (std::size_t e = 0; e < static_cast<std::size_t>(exits); ++e) {
      const auto [seconds, n] = timed.result(e + 1);
      std::printf("  | %s | %.1f | %.1f | %zu |\n", std::string(low::exits[e].name).c_str(),
                  100.0 * static_cast<double>(low::exits[e].macs) / static_cast<double>(low::trunk_macs),
                  whole > 0.0 ? 100.0 * seconds / whole : 0.0, n);
    }
  }
  (std::make_index_sequence<static_cast<std::size_t>(exits)>{});
}

}  // namespace

int main() {
  report<cifar10_resnet20_exits>("cifar10_resnet20_exits", "ResNet-20");
  report<cifar10_resnet56_exits>("cifar10_resnet56_exits", "ResNet-56");
  std::printf("\n");
}
