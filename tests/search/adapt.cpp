// SPDX-License-Identifier: MIT
// adapt: a whole adaptation of a small backbone: branches become smaller, exits are kept, trunk and exits are
// trained together; interrupted anywhere, or on several processes, it comes to the same bits.
#include <flexdnn/search/adapt.hpp>

#include <doctest/doctest.h>

#include "../io/support.hpp"
#include "../train/threads_as_processes.hpp"
#include "mixed_adaptation.hpp"
#include "problem.hpp"
#include "slow_build.hpp"

using namespace search_test;

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
  adapter a(
      freeze(random_trunk()), frames_of(train), frames_of(search), options,
      [&](const std::string& line) { said.push_back(line); }, 2);
  REQUIRE(a.start());
  const auto first = a.candidates();
  REQUIRE(a.prune());
  CHECK(said.size() == 1 + 4);  // an epoch, and the rounds
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
  REQUIRE(
      a.calibrated_network(frames_of(fresh), {}, risk, std::span<const conformal_risk_control>(rules), net));
  CHECK(net.exits.size() == a.kept().size());
  REQUIRE(net.levels.size() == 2);
  CHECK(net.levels[1].risk == 0.2);
  CHECK(net.levels[0].thresholds.size() == a.kept().size());
}

TEST_CASE("wrong options are told before anything is trained") {
  const records images = bright_channel(64, 41), none{small_data::frame, {}};
  const auto refused = [&](auto change, const records& search, const char* fragment) {
    adaptation options;
    change(options);
    adapter a(
        freeze(random_trunk()), frames_of(images), frames_of(search), options, [](const std::string&) {}, 1);
    io_test::check_error(a.run(), code::bad_option, fragment);
    CHECK(a.candidates().empty());
  };
  refused([](adaptation&) {}, none, "no images to search on");
  refused([](adaptation& o) { o.cuts = {1, 99}; }, images, "cut point 99 after 1");
  records stranger = images;
  stranger.bytes[0] = 3;
  refused([](adaptation&) {}, stranger, "images to search on: image 0 has label 3");
}

TEST_CASE("interrupted at any time, an adaptation goes on to the same bits") {
  const io_test::temporary_directory d;
  const std::string path = d.file("state");
  mixed m;
  adapter whole = m.adapter_of();
  REQUIRE(whole.run());
  CHECK_FALSE(whole.candidates().empty());
  CHECK(whole.trunk().values() != m.trunk.values);
  std::vector<float> frame(small_data::frame.size(), 0.5F), before(3), after(3);
  m.adapter_of().engine().answer(0, frame, before);
  whole.engine().answer(0, frame, after);
  CHECK(before != after);  // what answers is what was trained

  // What is on the disk whenever something is told: after epochs and rounds of every stage.
  int moments = 0;
  m.hear = [&] {
    for (const char* const part : {"", ".joint"}) {
      if (!std::filesystem::exists(path + part)) continue;
      std::filesystem::copy_file(path + part, d.file("moment" + std::to_string(moments) + part));
    }
    ++moments;
  };
  adapter saved = m.adapter_of(1);
  saved.save_to(path);
  REQUIRE(saved.run());
  check_same(whole, saved);
  REQUIRE(moments == 2 + 2 + 2 + 2);
  CHECK_FALSE(std::filesystem::exists(d.file("moment0")));
  CHECK(std::filesystem::exists(d.file("moment7.joint")));

  m.hear = [] {};
  for (int moment = 1; moment < moments; moment += slow_build ? 3 : 1) {
    CAPTURE(moment);
    check_goes_on(d.file("moment" + std::to_string(moment)), m, whole, static_cast<unsigned>(moment));
  }
  check_goes_on(path, m, whole);  // of an adaptation that is done
}

TEST_CASE("a checkpoint of other options, weights or images is refused, and nothing of it is taken") {
  const io_test::temporary_directory d;
  mixed m;
  adapter first = m.adapter_of();
  first.save_to(d.file("state"));
  REQUIRE(first.start());
  const auto refused = [&](auto change, const char* fragment) {
    mixed other;
    change(other);
    adapter a = other.adapter_of();
    io_test::check_error(a.resume(d.file("state")), code::bad_option, fragment);
    CHECK(a.candidates().empty());
  };
  refused([](mixed& o) { o.options.rounds = 5; }, "other options: 'rounds 2', here 'rounds 5'");
  refused([](mixed& o) { o.options.training.seed = 8; }, "other options: 'seed 7', here 'seed 8'");
  refused([](mixed& o) { o.options.joint.epochs = 0; },
          "other options: 'joint: batch 32', here 'joint: none'");
  refused([](mixed& o) { o.trunk.values[0] += 1.0F; }, "other backbone weights");
  refused([](mixed& o) { o.train.bytes[5] ^= 1U; }, "other training images: '64 with|here '64 with");
  refused([](mixed& o) { o.search = bright_channel(74, 42); }, "other search images: '75|here '74");
  refused([](mixed& o) { o.options.rounds = -1; }, "-1 rounds");
}

TEST_CASE("the trunk is trained with every branch, exits are chosen after it") {
  mixed m;
  m.options.rounds = 0;
  m.options.limit = {.most = 1e-6, .loss = exit_loss::disagreement};
  adapter a = m.adapter_of();
  REQUIRE(a.run());
  a.place();
  CHECK(a.candidates().size() == m.options.cuts.size());
  CHECK(a.trunk().values() != m.trunk.values);
  CHECK(a.kept().empty());  // at that limit
}

TEST_CASE(
    "branches that are trained are taken as they are, and can go on with the trunk, interrupted or not") {
  const io_test::temporary_directory d;
  mixed m;
  m.options.rounds = 0;
  adapter first = m.adapter_of();
  REQUIRE(first.start());
  const std::vector<exit_candidate> trained = first.candidates();
  adapter whole = m.adapter_of(), stopped = m.adapter_of();
  REQUIRE(whole.take(trained));
  REQUIRE(whole.start());
  REQUIRE(whole.prune());
  REQUIRE(whole.finish());
  CHECK(whole.candidates()[0].branch.parameters == trained[0].branch.parameters);
  REQUIRE(whole.join());
  stopped.save_to(d.file("state"));
  REQUIRE(stopped.take(trained));
  check_goes_on(d.file("state"), m, whole);
  io_test::check_error(whole.take({trained[0]}), code::bad_option, "other cut points");

  m.options.rounds = 2;
  adapter pruned = m.adapter_of();
  REQUIRE(pruned.take(trained));
  REQUIRE(pruned.prune());
  CHECK(pruned.searches().size() == trained.size());
  CHECK(pruned.searches()[0].steps().size() == 2);
}

TEST_CASE("costs in seconds serve all steps") {
  mixed m;
  m.options.cost = saved_cost::seconds;
  adapter a = m.adapter_of();
  REQUIRE(a.start());
  REQUIRE(a.prune());
  const exit_costs costs = a.costs_of(a.candidates());
  CHECK(costs.backbone() < 1.0);  // it has some 250,000 MACs
  for (const branch_search& s : a.searches()) {
    REQUIRE(s.steps().size() == 2);
    CHECK(s.steps()[0].score.expected_cost > 0.0);
    CHECK(s.steps()[0].score.expected_cost < 1.0);
  }
  REQUIRE(a.finish());
  REQUIRE(a.join());
}

TEST_CASE("a full disk ends it with an error, and what was saved stays") {
  const io_test::temporary_directory d;
  const std::string path = d.file("state");
  mixed m;
  adapter whole = m.adapter_of();
  REQUIRE(whole.run());
  int told = 0;
  m.hear = [&] {
    if (++told == 4) std::filesystem::create_symlink("/dev/full", path + ".part");
  };
  adapter stopped = m.adapter_of();
  stopped.save_to(path);
  io_test::check_error(stopped.run(), code::cannot_write, "state': No space left on device");
  m.hear = [] {};
  check_goes_on(path, m, whole);
}

TEST_CASE(
    "two processes come to the bits of one, though they stop and go on; the first one tells and writes") {
  const io_test::temporary_directory d;
  const std::string path = d.file("state");
  mixed m;
  adapter whole = m.adapter_of(1);
  REQUIRE(whole.run());
  whole.place();

  struct outcome {
    status result;
    int told = 0;
    std::vector<float> trunk;
    std::vector<exit_candidate> kept;
    std::vector<pareto_point> path;
  };
  const auto together = [&](bool resumed) {
    std::array<outcome, 2> all;
    CHECK(flexdnn::test::run_processes(2, [&](communicator& self) {
      outcome& own = all[static_cast<std::size_t>(self.rank())];
      mixed mine;
      mine.hear = [&own] { ++own.told; };
      adapter a = mine.adapter_of(1, self);
      if (!resumed) {
        a.save_to(path);
        own.result = a.start();
        if (own.result) own.result = a.prune();
        return;
      }
      own.result = a.resume(path);
      if (own.result) own.result = a.run();
      a.place();
      own.trunk = a.trunk().values(), own.kept = a.kept(), own.path = a.path();
    }));
    for (const outcome& o : all) REQUIRE_MESSAGE(o.result, o.result.message());
    return all;
  };
  const auto pruned = together(false), ended = together(true);
  CHECK(pruned[0].told == 2 + 2);  // epochs, and rounds
  CHECK(ended[0].told == 2 + 2);   // epochs of the branches, and with the trunk
  CHECK(pruned[1].told + ended[1].told == 0);
  for (const outcome& o : ended) {
    CHECK(o.trunk == whole.trunk().values());
    REQUIRE(o.kept.size() == whole.kept().size());
    for (std::size_t e = 0; e < o.kept.size(); ++e) {
      CHECK(o.kept[e].cut == whole.kept()[e].cut);
      CHECK(o.kept[e].branch.parameters == whole.kept()[e].branch.parameters);
    }
    REQUIRE(o.path.size() == whole.path().size());
    for (std::size_t p = 0; p < o.path.size(); ++p) CHECK(o.path[p].thresholds == whole.path()[p].thresholds);
  }
}
