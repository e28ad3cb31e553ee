// SPDX-License-Identifier: MIT
// measure_costs: MACs against the engine's account, and time by a clock that is wound by hand.
#include <flexdnn/search/measure_costs.hpp>

#include <doctest/doctest.h>

#include <cmath>

#include <flexdnn/engine/fork_join.hpp>

#include "networks.hpp"

using namespace flexdnn;

namespace {

/// Goes on by one second a look, now and then by a thousand.
struct wound_clock {
  using duration = std::chrono::duration<double>;
  using time_point = std::chrono::time_point<wound_clock, duration>;
  static inline int looks = 0;
  static inline double seconds = 0.0;
  static time_point now() {
    seconds += ++looks % 50 == 0 ? 1000.0 : 1.0;
    return time_point(duration(seconds));
  }
};

template <class Network>
const packed<Network>& some_packed() {
  static const auto made = [] {
    static packed<Network> weights;
    std::array<float, lowered<Network>::parameters> canonical{};
    for (std::size_t i = 0; i < canonical.size(); ++i) canonical[i] = 0.3F * std::sin(static_cast<float>(i));
    pack(std::span<const float, lowered<Network>::parameters>(canonical), weights);
    return &weights;
  }();
  return *made;
}

template <class Network>
const std::array<float, Network::frame.size()>& some_frame() {
  static const auto frame = [] {
    std::array<float, Network::frame.size()> values{};
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = std::cos(static_cast<float>(i));
    return values;
  }();
  return frame;
}

/// Leaves never, so that every branch runs.
template <class Network, class Target>
void runs_what_the_engine_runs() {
  const auto net = std::make_unique<engine<Network, entropy_confidence<Network>, Target>>(
      some_packed<Network>(), thresholds{std::array<float, Network::exit_count - 1>{1.0F, 1.0F, 1.0F}});
  float wanted = 0.0F;
  net->run(some_frame<Network>(), [&](const evidence&, const verdict& v) { wanted += v.confidence; });
  const auto timed = std::make_unique<detail::timed_path<Network, Target>>();
  timed->template run<wound_clock>(some_packed<Network>().values.data(), some_frame<Network>().data());
  CHECK(wanted > 0.0F);
  CHECK(timed->confidences() == doctest::Approx(wanted).epsilon(1e-6));  // contracted as inlining has it
}

}  // namespace

TEST_CASE("search/measure_costs: MACs are those that the engine counts") {
  using network = networks::written;
  const exit_costs costs = mac_costs<network>();
  const std::vector<double> path = path_costs(costs, exit_thresholds(3, 0.0F));
  engine<network, entropy_confidence<network>> net{some_packed<network>(), thresholds{1.0F, 1.0F, 1.0F}};
  std::vector<double> counted;
  net.run(some_frame<network>(),
          [&](const evidence& e, const verdict&) { counted.push_back(static_cast<double>(e.macs)); });
  CHECK(path == counted);
  engine<network> plain{some_packed<network>()};
  CHECK(costs.backbone() == static_cast<double>(plain.run(some_frame<network>()).macs));
}

TEST_CASE("search/measure_costs: what is timed is what the engine runs") {
  runs_what_the_engine_runs<networks::written, native_target>();
  runs_what_the_engine_runs<networks::written, cpu<native, fast, fork_join<2>>>();
}

TEST_CASE("search/measure_costs: parts add up, and the median forgets interruptions") {
  using network = networks::written;
  const cost_table t = measure_costs<network, native_target, wound_clock>(some_packed<network>(),
                                                                          some_frame<network>(), "wound", 21);
  CHECK(t.costs.trunk == std::vector{1.0, 2.0, 3.0, 4.0});
  CHECK(t.costs.branch == std::vector{1.0, 1.0, 1.0, 1.0});
  CHECK(t.unit == "s");
  CHECK(t.machine == "wound");
  CHECK(fits<network>(t));
}

TEST_CASE("search/measure_costs: by a real clock a table that planners take") {
  using network = networks::written;
  const cost_table t = measure_costs<network>(some_packed<network>(), some_frame<network>(), "here", 5);
  const status s = fits<network>(t);
  INFO(s.message());
  CHECK(s);
}
