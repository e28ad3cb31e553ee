// SPDX-License-Identifier: MIT
// bench/threads: networks on one thread and on two, in turn, and what is gained.
//
// As in report.cpp, a pair of runs is kept where bursts of the peak micro-kernel before and after it, here on
// both cores at once, reach 97 % of the best seen on the slower core. Medians of what is kept, and the best
// of all.
#include <algorithm>
#include <cstdio>
#include <flexdnn/engine/fork_join.hpp>
#include <flexdnn/flexdnn.hpp>
#include <flexdnn/io.hpp>
#include <flexdnn/models.hpp>
#include <memory>
#include <vector>

#include "peers/draw.hpp"
#include "sampling.hpp"

namespace {

using namespace flexdnn;
using two_cores = cpu<native, fast, fork_join<2>>;

/// GFLOP/s of the slower of two cores.
double slower_core() {
  static fork_join<2> pool;
  double peak[2];
  pool.fork([&](int core) noexcept { peak[core] = bench::peak_gflops(1); });
  return std::min(peak[0], peak[1]);
}

template <class Network>
void report(const char* name, int rounds) {
  const auto values = std::make_unique<packed<Network>>();
  const std::vector<float> weights = bench::drawn_weights(parameters<Network>());
  pack(std::span<const float, lowered<Network>::parameters>(weights), *values);
  const bench::floats frame = bench::drawn_frame(Network::frame);
  const typename engine<Network>::frame f(frame);

  const auto alone = std::make_unique<engine<Network>>(*values);
  const auto both = std::make_unique<engine<Network, always_last, two_cores>>(*values);
  (void)alone->run(f), (void)both->run(f);  // page faults and caches
  if (!std::ranges::equal(alone->logits(), both->logits())) std::printf("%s: the answers differ\n", name);

  std::vector<double> one, two, peak{slower_core()};
  const auto time = [&](auto& net) {
    const double start = bench::seconds();
    (void)net.run(f);
    return bench::seconds() - start;
  };
  for (int r = 0; r < rounds; ++r) {
    one.push_back(time(*alone));
    two.push_back(time(*both));
    peak.push_back(slower_core());
  }
  const double enough = 0.97 * *std::ranges::max_element(peak);
  std::vector<double> kept_one, kept_two;
  for (std::size_t r = 0; r < one.size(); ++r) {
    if (peak[r] < enough || peak[r + 1] < enough) continue;
    kept_one.push_back(one[r]);
    kept_two.push_back(two[r]);
  }
  const double best_one = *std::ranges::min_element(one), best_two = *std::ranges::min_element(two);
  std::printf("| %s | ", name);
  if (kept_one.empty()) {
    std::printf("- | - | - | ");
  } else {
    const double of_one = bench::median(kept_one), of_two = bench::median(kept_two);
    std::printf("%.3f | %.3f | %.2f | ", 1e3 * of_one, 1e3 * of_two, of_one / of_two);
  }
  std::printf("%zu of %d | %.3f | %.3f | %.2f |\n", kept_one.size(), rounds, 1e3 * best_one, 1e3 * best_two,
              best_one / best_two);
  std::fflush(stdout);
}

}  // namespace

int main() {
  std::printf(
      "| ms of | one | two | gain | kept | best of one | of two | gain |\n"
      "| --- | --- | --- | --- | --- | --- | --- | --- |\n");
  report<resnet_cifar<20>>("ResNet-20, 32", 2000);
  report<mobilenet_v1<>>("MobileNetV1, 224", 200);
  report<resnet<50>>("ResNet-50, 224", 40);
  report<vgg16<>>("VGG-16, 224", 15);
}
