// SPDX-License-Identifier: MIT
// bench/widths: ResNet-20s of 2 to 16 channels in turn: what a width takes of the widest one's time and MACs.
#include <algorithm>
#include <array>
#include <cstdio>
#include <memory>
#include <tuple>
#include <utility>
#include <vector>

#include "comparators/family.hpp"
#include "peak.hpp"
#include "peers/draw.hpp"

namespace {

using namespace flexdnn;

/// With random weights, which its time does not depend on.
template <int Base>
class timed {
  using network = comparators::slim_resnet20<10, Base>;

 public:
  static constexpr int width = Base;
  static constexpr auto macs = static_cast<double>(lowered<network>::trunk_macs);

  timed() {
    const std::vector<float> weights = bench::drawn_weights(parameters<network>());
    pack(std::span<const float, lowered<network>::parameters>(weights), *values_);
  }
  void run(const bench::floats& frame) {
    const typename engine<network>::frame f(frame);
    const double start = bench::seconds();
    (void)net_->run(f);
    best_ = std::min(best_, bench::seconds() - start);
  }
  [[nodiscard]] double best() const { return best_; }

 private:
  std::unique_ptr<packed<network>> values_ = std::make_unique<packed<network>>();
  std::unique_ptr<engine<network>> net_ = std::make_unique<engine<network>>(*values_);
  double best_ = 1.0;
};

}  // namespace

int main() {
  std::tuple<timed<16>, timed<14>, timed<12>, timed<10>, timed<8>, timed<6>, timed<4>, timed<2>> nets;
  const bench::floats frame = bench::drawn_frame({3, 32, 32});
  for (int round = 0; round < 500; ++round) {
    std::apply([&](auto&... each) { (each.run(frame), ...); }, nets);
  }
  std::printf(
      "| channels | ms, the best of 500 | %% of the time | %% of the MACs |\n| --- | --- | --- | --- |\n");
  const auto& widest = std::get<0>(nets);
  const auto row = [&](const auto& one) {
    std::printf("| %d | %.3f | %.1f | %.1f |\n", one.width, 1e3 * one.best(),
                100.0 * one.best() / widest.best(), 100.0 * one.macs / widest.macs);
  };
  std::apply([&](const auto&... each) { (row(each), ...); }, nets);
}
