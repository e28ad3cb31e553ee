// SPDX-License-Identifier: MIT
// adaptation_checkpoint: what was written comes back; another adaptation's, and damaged ones, are refused.
#include <flexdnn/search/adaptation_checkpoint.hpp>

#include <doctest/doctest.h>

#include "../io/support.hpp"

using namespace flexdnn;

namespace {

const std::vector<metadata_entry> of_a_test{{"options", "rounds 3, images 100, seed 1"}, {"backbone", "77"}};

/// Two branches; the first search has removed something and was refused twice since, so that its next try is
/// the third.
adaptation_state some_state() {
  using enum branch_stage::kind;
  random_generator random(5);
  adaptation_state s{.stage = adaptation_stage::last_training, .rounds = 3};
  s.candidates = {{2, drawn({{8, 8, 8}, 3, {{separable, 32}, {pooled}, {separable, 32}}}, random)},
                  {5, drawn({{16, 4, 4}, 3, {}}, random)}};
  s.position.epochs = 2;
  for (const exit_candidate& c : s.candidates)
    s.position.optimisers.emplace_back(2 * c.branch.parameters.size(), 0.5F);
  s.searches = {{s.candidates[0].branch,
                 {0.25, 3.5},
                 {{{0, 24}, 900, {0.5, 1e6}, true},
                  {{1, 0}, 800, {0.1, 2e6}, false},
                  {{0, 8}, 700, {0.2, 3e6}, false}}},
                {s.candidates[1].branch, {0.5, 4.5}, {}}};
  return s;
}

}  // namespace

TEST_CASE("a state comes back, and a search goes on where it was") {
  const io_test::temporary_directory d;
  const adaptation_state written = some_state();
  REQUIRE(write_adaptation(d.file("a"), of_a_test, written));
  CHECK(d.entries() == 1);
  adaptation_state read;
  const status s = read_adaptation(d.file("a"), of_a_test, read);
  REQUIRE_MESSAGE(s, s.message());
  CHECK(read.stage == written.stage);
  CHECK(read.rounds == 3);
  CHECK(read.position.epochs == 2);
  CHECK(read.position.optimisers == written.position.optimisers);
  REQUIRE(read.searches.size() == 2);
  random_generator random(1);
  for (std::size_t c = 0; c < 2; ++c) {
    CHECK(read.candidates[c].cut == written.candidates[c].cut);
    CHECK(read.candidates[c].branch.design == written.candidates[c].branch.design);
    CHECK(read.candidates[c].branch.parameters == written.candidates[c].branch.parameters);
    CHECK(read.searches[c].score().rate == written.searches[c].score().rate);
    REQUIRE(read.searches[c].steps().size() == written.searches[c].steps().size());
    CHECK(read.searches[c].done() == written.searches[c].done());
  }
  CHECK(read.searches[0].steps()[0].removal == branch_removal{0, 24});
  CHECK(read.searches[0].steps()[0].accepted);
  CHECK(read.searches[0].steps()[2].score.expected_cost == 3e6);
  const branch_candidate& best = read.candidates[0].branch;
  CHECK(read.searches[0].propose(random).design == after_removal(best, removals(best)[2], random).design);
}

TEST_CASE("another adaptation's is refused with what differs") {
  const io_test::temporary_directory d;
  REQUIRE(write_adaptation(d.file("a"), of_a_test, some_state()));
  adaptation_state read;
  const auto refused = [&](std::vector<metadata_entry> wanted, const char* fragment) {
    io_test::check_error(read_adaptation(d.file("a"), wanted, read), code::bad_option, fragment);
    CHECK(read.candidates.empty());
  };
  refused({{"options", "rounds 3, images 101, seed 1"}},
          "for other options: 'images 100', here 'images 101'");
  refused({{"options", "rounds 4, images 100, seed 1"}}, "for other options: 'rounds 3', here 'rounds 4'");
  refused({{"options", "rounds 3, images 100, seed 12"}}, "for other options: 'seed 1', here 'seed 12'");
  refused({{"options", "rounds 3, images 100, seed 1"}, {"backbone", "78"}},
          "for other backbone: '77', here '78'");
  refused({{"weather", "fine"}}, "this is no checkpoint of an adaptation");
  io_test::check_error(read_adaptation(d.file("none"), of_a_test, read), code::cannot_open, "none");
}

TEST_CASE("damaged files") {
  const io_test::temporary_directory d;
  const std::string path = d.file("a");
  REQUIRE(write_adaptation(path, of_a_test, some_state()));
  const std::string whole = io_test::slurp(path);
  adaptation_state read;
  for (const std::size_t size : {std::size_t{1}, std::size_t{8}, whole.size() / 2, whole.size() - 1}) {
    io_test::spill(path, whole.substr(0, size));
    CHECK_FALSE(read_adaptation(path, of_a_test, read));
  }
  // Each whole number in turn becomes absurd: whatever it counts or names, no branch is made of it.
  const std::size_t header = 8 + static_cast<std::size_t>(load_u64(std::as_bytes(std::span(whole))));
  const std::size_t numbers = 40;  // there are more
  for (std::size_t i = 0; i < numbers; ++i) {
    CAPTURE(i);
    for (const char value : {'\x7f', '\xff'}) {
      std::string damaged = whole;
      for (std::size_t b = 0; b < 8; ++b) damaged[header + 8 * i + b] = value;
      io_test::spill(path, damaged);
      io_test::check_error(read_adaptation(path, of_a_test, read), code::malformed, "the file is damaged");
    }
  }
  CHECK(read.candidates.empty());
}
