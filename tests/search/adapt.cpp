// SPDX-License-Identifier: MIT
// adapt: a whole adaptation of a small backbone: branches become smaller, exits are kept, steps are reported.
#include <flexdnn/search/adapt.hpp>

#include <doctest/doctest.h>

#include "../io/support.hpp"
#include "problem.hpp"

using namespace search_test;

TEST_CASE("positions: where the map has pixels and something of the backbone remains") {
  const std::vector<int> cuts = default_cuts<small_backbone>();
  CHECK_FALSE(cuts.empty());
  for (const int cut : cuts) {
    CHECK(trunk_probe<small_backbone>::extent(cut).pixels() > 1);
    const double share = static_cast<double>(trunk_probe<small_backbone>::macs(cut)) /
                         static_cast<double>(lowered<small_backbone>::trunk_macs);
    CHECK(share >= 0.1);
    CHECK(share <= 0.95);
  }
}

TEST_CASE("from over-parameterised branches to a plan") {
  const records train = bright_channel(256, 41), search = bright_channel(300, 42);
  adaptation options{.cuts = {1, 2},
                     .first_epochs = 1,
                     .rounds = 4,
                     .round_epochs = 1,
                     .images = 128,
                     .training = quick_training(3),
                     .limit = {.most = 0.05, .loss = exit_loss::wrong}};
  std::vector<std::string> said;
  using adapter_type = adapter<small_backbone, small_data>;
  adapter_type a(
      random_trunk(), adapter_type::frames(train), adapter_type::frames(search), options,
      [&](const std::string& line) { said.push_back(line); }, 2);
  REQUIRE(a.start());
  const auto first = a.candidates();
  REQUIRE(a.prune());
  CHECK(said.size() == 4);
  for (std::size_t c = 0; c < 2; ++c) {
    const branch_search& s = a.searches()[c];
    CHECK(s.steps().size() >= 3);
    std::uint64_t before = first[c].branch.design.macs();
    for (const branch_search::step& step : s.steps()) {
      CHECK(step.macs < before);
      if (step.accepted) before = step.macs;
    }
    CHECK(a.candidates()[c].branch.design.macs() == before);
  }
  REQUIRE(a.finish());
  a.place();
  CHECK(a.path().back().cost <= static_cast<double>(lowered<small_backbone>::trunk_macs));
  for (const pareto_point& p : a.path()) CHECK(p.thresholds.size() == a.kept().size());

  const records fresh = bright_channel(200, 43);
  const std::array rules{conformal_risk_control{0.05}, conformal_risk_control{0.2}};
  adapted_network net;
  const exit_risk risk{exit_loss::disagreement};
  REQUIRE(a.calibrated_network(adapter_type::frames(fresh), {}, risk,
                               std::span<const conformal_risk_control>(rules), net));
  CHECK(net.exits.size() == a.kept().size());
  REQUIRE(net.levels.size() == 2);
  CHECK(net.levels[1].risk == 0.2);
  CHECK(net.levels[0].thresholds.size() == a.kept().size());
}

TEST_CASE("wrong options are told before anything is trained") {
  const records images = bright_channel(64, 41), none{small_data::frame, {}};
  using adapter_type = adapter<small_backbone, small_data>;
  const auto refused = [&](auto change, const records& search, const char* fragment) {
    adaptation options;
    change(options);
    adapter_type a(
        random_trunk(), adapter_type::frames(images), adapter_type::frames(search), options,
        [](const std::string&) {}, 1);
    io_test::check_error(a.run(), code::bad_option, fragment);
    CHECK(a.candidates().empty());
  };
  refused([](adaptation&) {}, none, "no images to search on");
  refused([](adaptation& o) { o.cuts = {0}; }, images, "cut point 0 after 0");
  refused([](adaptation& o) { o.cuts = {1, 99}; }, images, "cut point 99 after 1");
  refused([](adaptation& o) { o.cuts = {2, 2}; }, images, "cut point 2 after 2");
  refused([](adaptation& o) { o.limit.most = 0.0; }, images, "a limit of 0");
  refused([](adaptation& o) { o.rounds = -1; }, images, "-1 rounds");
}

TEST_CASE("a candidate's score: what a frame costs with it alone, within the limit") {
  exit_trace trace(2);
  for (int i = 0; i < 200; ++i) {
    // Of the less confident half every fifth is wrong at the exit and right at the end.
    const std::array labels{i < 100 && i % 5 == 0 ? 1 : 0, 0};
    trace.add(labels, std::array{0.004F * static_cast<float>(i), 1.0F}, 0);
  }
  const exit_costs costs{.trunk = {20.0, 100.0}, .branch = {1.0, 0.0}};
  const branch_score none = score_of(trace, 0, costs, {.most = 0.0}),
                     some = score_of(trace, 0, costs, {.most = 0.01}),
                     all = score_of(trace, 0, costs, {.most = 1.0});
  CHECK(none.rate < some.rate);
  CHECK(some.rate > 0.2);
  CHECK(all.rate == 1.0);
  CHECK(all.expected_cost == doctest::Approx(21.0));
  CHECK(some.expected_cost == doctest::Approx(21.0 + (1.0 - some.rate) * 80.0));
}
