// SPDX-License-Identifier: MIT
// gtsrb: the shipped network for traffic signs reads the tracks of the demo, and leaves early.
#include <flexdnn/models/gtsrb.hpp>

#include <doctest/doctest.h>

#include <flexdnn/flexdnn.hpp>
#include <flexdnn/io.hpp>
#include <flexdnn/kernels/convert.hpp>
#include <memory>
#include <string>

#include "../../weights/gtsrb_resnet20.hpp"
#include "slow_build.hpp"

using namespace flexdnn;

TEST_CASE("traffic signs: at a risk of 1 % nearly all are right, for less than half of the MACs") {
  const std::string root = FLEXDNN_SOURCE_DIR;
  records tracks;
  REQUIRE(load_records(root + "/examples/data/gtsrb/gtsrb_tracks.bin", gtsrb::frame, tracks));
  REQUIRE(tracks.size() == 300);
  const auto values = std::make_unique<packed<gtsrb_resnet20>>();
  REQUIRE(load(root + "/weights/gtsrb_resnet20.safetensors", *values));
  REQUIRE(gtsrb_resnet20::risk_levels[1].risk == 0.01);
  using policy = entropy_confidence<gtsrb_resnet20>;
  const auto net = std::make_unique<engine<gtsrb_resnet20, policy>>(
      *values, thresholds<policy::count>(gtsrb_resnet20::risk_levels[1].thresholds));
  std::vector<float> frame(gtsrb::frame.size());
  // Every fifth frame of a track: the emulator of AArch64 takes its time.
  std::size_t frames = 0, right = 0;
  std::uint64_t macs = 0;
  for (std::size_t i = 0; i < tracks.size(); i += 5, ++frames) {
    normalize_planar(gtsrb::frame, tracks.pixels(i).data(), gtsrb::mean, gtsrb::deviation, frame.data());
    const auto a = net->run(std::span<const float, gtsrb::frame.size()>(frame));
    right += a.label == tracks.label(i) ? 1U : 0U;
    macs += a.macs;
  }
  CHECK(right >= frames - 1);
  CHECK(static_cast<double>(macs) <
        0.5 * static_cast<double>(frames) * static_cast<double>(lowered<gtsrb_resnet20>::trunk_macs));
}
