// SPDX-License-Identifier: MIT
// systems: comparators over traces made up: everything is charged once, and with nothing to choose all are
// the backbone.
#include <doctest/doctest.h>

#include <random>

#include "../../bench/comparators/replay.hpp"

using namespace comparators;

namespace {

/// A network of one exit that is right on `right` of 100 frames by lot, and takes so many milliseconds.
variant_trace network(std::string name, std::string system, double ms, int right, std::size_t frames,
                      unsigned seed) {
  variant_trace v{.name = std::move(name), .system = std::move(system)};
  v.exits = {{"final", static_cast<std::uint64_t>(1000.0 * ms), 1e-3 * ms}};
  v.allocate_seconds = 1e-3, v.load_seconds = 4e-3, v.parameter_bytes = 100, v.engine_bytes = 10;
  std::mt19937 random(seed);
  v.labels.emplace_back(), v.confidences.emplace_back(frames, 0.5F);
  for (std::size_t i = 0; i < frames; ++i)
    v.labels[0].push_back(static_cast<int>(random() % 100) < right ? 1 : 2);
  return v;
}

/// Every frame is of class 1, in clips of ten; ours has two exits, the first right where it is sure.
stream_trace stream(std::size_t frames, unsigned seed) {
  stream_trace t;
  for (std::size_t i = 0; i < frames; ++i) t.truth.push_back(1), t.clip.push_back(static_cast<int>(i / 10));
  t.variants = {network("width_16", "width", 10, 98, frames, seed),
                network("width_8", "width", 3, 90, frames, seed + 1),
                network("width_4", "width", 1, 70, frames, seed + 2),
                network("width_16_at_16", "resolution", 2, 60, frames, seed)};
  variant_trace ours = network("ours", "ours", 11, 98, frames, seed);
  ours.exits.insert(ours.exits.begin(), {"early", 2000, 2e-3});
  ours.labels.emplace(ours.labels.begin()), ours.confidences.emplace(ours.confidences.begin());
  std::mt19937 random(seed);
  for (std::size_t i = 0; i < frames; ++i) {
    const float sure = static_cast<float>(random() % 1000) / 1000.0F;
    ours.confidences[0].push_back(sure), ours.labels[0].push_back(sure > 0.4F ? 1 : 2);
  }
  t.variants.push_back(std::move(ours));
  return t;
}

three_traces traces() { return {stream(2000, 1), stream(2000, 11), stream(1200, 21)}; }

const played& of(const std::vector<played>& all, const std::string& setting) {
  return *std::ranges::find(all, setting, &played::setting);
}

}  // namespace

TEST_CASE("a fixed network costs what it costs") {
  const three_traces t = traces();
  const std::vector<played> all = fixed(t);
  CHECK(all.size() == 3);
  CHECK(of(all, "width_8").mean_seconds() == doctest::Approx(3e-3));
  CHECK(of(all, "width_8").mean_macs() == doctest::Approx(3000.0));
  CHECK(of(all, "width_8").bytes == 110);
  CHECK(of(all, "width_16").labels == t.report.variants[0].labels[0]);
}

TEST_CASE("the oracle is at least as accurate as any width and no slower than the widest") {
  const three_traces t = traces();
  const played oracle = bag_oracle(t)[0];
  CHECK(oracle.bytes == 3 * 110);
  CHECK(oracle.mean_seconds() <= 10e-3);
  for (const played& p : fixed(t)) CHECK(oracle.accuracy(t.report.truth) >= p.accuracy(t.report.truth));
}

TEST_CASE("MCDNN stays within its budget, but for a load and a frame; the whole budget buys the best") {
  const three_traces t = traces();
  for (const played& p : mcdnn(t)) {
    const double share = std::stod(p.setting), frames = static_cast<double>(t.report.frames());
    CHECK(p.loads >= 1);
    // The cheapest is taken where nothing fits.
    CHECK(p.mean_seconds() * frames <= std::max(share, 0.1) * 10e-3 * frames + 5e-3 + 10e-3);
    const double runs = p.mean_seconds() * frames - 5e-3 * static_cast<double>(p.loads);
    double alone = 0.0;
    for (std::size_t i = 0; i < t.report.frames(); ++i) alone += 1e-6 * p.macs[i];
    CHECK(runs == doctest::Approx(alone));  // a load is charged once, in seconds alone
  }
}

TEST_CASE("Chameleon: profiling and loads are charged; frames left out get the label before") {
  const three_traces t = traces();
  for (const played& p : chameleon(t)) {
    double alone = 0.0;
    for (const double macs : p.macs) alone += 1e-6 * macs;
    const double charged = p.mean_seconds() * static_cast<double>(t.report.frames());
    CHECK(charged == doctest::Approx(alone + 5e-3 * static_cast<double>(p.loads)));
    CHECK(p.macs[0] == doctest::Approx(10'000 + 3000 + 1000 + 2000));  // all four networks see it
    CHECK(p.loads >= 20);                                              // 20 windows: golden once each
    for (std::size_t i = 1; i < t.report.frames(); ++i) {
      if (p.macs[i] == 0.0 && p.labels[i] != p.labels[i - 1]) FAIL("frame " << i);
    }
  }
}

TEST_CASE("ours: the risk holds on average, costs fall with it; EdgeML picks among these") {
  const three_traces t = traces();
  const std::vector<played> all = with_exits(t);
  double before = 1.0;
  for (const played& p : all) {
    CHECK(p.system == "ours");
    CHECK(p.mean_seconds() <= before);
    CHECK(p.thresholds.size() == 1);
    before = p.mean_seconds();
  }
  CHECK(all.back().mean_seconds() < 9e-3);
  for (const played& p : edgeml(t)) {
    CHECK(p.mean_seconds() >= all.back().mean_seconds() - 1e-9);
    CHECK(p.mean_seconds() <= all.front().mean_seconds() + 1e-9);
  }
}
