// SPDX-License-Identifier: MIT
// prune_branch: what may go and in which order, both rules, and a whole search whose optimum is known.
#include <flexdnn/search/prune_branch.hpp>

#include <doctest/doctest.h>

using namespace flexdnn;

namespace {

using enum branch_stage::kind;

branch_candidate of(std::vector<branch_stage> stages) {
  random_generator random(1);
  return drawn({{16, 16, 16}, 4, std::move(stages)}, random);
}

}  // namespace

TEST_CASE("a quarter of a convolution's channels, then convolutions; what saves most first") {
  const branch_candidate c = of({{separable, 32}, {pooled}, {separable, 8}});
  std::vector<branch_removal> all = removals(c);
  CHECK(all.size() == 3);  // 8 channels have no smaller multiple of 8
  random_generator random(2);
  std::uint64_t before = 0;
  for (const branch_removal& r : all) {
    const std::uint64_t macs = after_removal(c, r, random).design.macs();
    CHECK(macs < c.design.macs());
    if (r.channels == 0) CHECK(macs >= before);
    before = r.channels == 0 ? macs : 0;
  }
  CHECK(all.front() == branch_removal{0, 24});
  CHECK(std::ranges::count(all, branch_removal{0, 24}) == 1);
  CHECK(removals(of({})).empty());
}

TEST_CASE("poolings that no convolution follows go with it") {
  random_generator random(2);
  const branch_candidate c = of({{separable, 32}, {pooled}, {separable, 8}, {pooled}, {separable, 8}});
  CHECK(after_removal(c, {4, 0}, random).design.stages ==
        std::vector<branch_stage>{{separable, 32}, {pooled}, {separable, 8}});
  CHECK(after_removal(c, {2, 0}, random).design.stages ==
        std::vector<branch_stage>{{separable, 32}, {pooled}, {pooled}, {separable, 8}});
  CHECK(after_removal(of({{pooled}, {separable, 8}}), {1, 0}, random).design.stages.empty());
}

TEST_CASE("rules") {
  const branch_score before{.rate = 0.5, .expected_cost = 100.0};
  const branch_score cheaper{.rate = 0.49, .expected_cost = 90.0},
      dearer{.rate = 0.5, .expected_cost = 100.5};
  CHECK(accepts(pruning_rule::expected_cost, before, cheaper));
  CHECK_FALSE(accepts(pruning_rule::expected_cost, before, dearer));
  CHECK(accepts(pruning_rule::expected_cost, before, dearer, 0.01));
  CHECK_FALSE(accepts(pruning_rule::exit_rate, before, cheaper));
  CHECK(accepts(pruning_rule::exit_rate, before, cheaper, 0.05));
  CHECK(accepts(pruning_rule::exit_rate, before, dearer));
}

TEST_CASE("a search goes on until nothing more may go") {
  // Frames leave as well with 24 channels in one convolution as with all: the cheapest such branch is the
  // best.
  const auto score = [](const branch_candidate& c) {
    int channels = 0;
    for (const branch_stage& s : c.design.stages) channels = std::max(channels, s.channels);
    const double rate = channels >= 24 ? 0.5 : 0.1;
    return branch_score{rate, 1e6 + static_cast<double>(c.design.macs()) + (1.0 - rate) * 1e7};
  };
  random_generator random(4);
  const branch_candidate start = of({{separable, 32}, {pooled}, {separable, 64}, {pooled}, {separable, 64}});
  for (const pruning_rule rule : {pruning_rule::expected_cost, pruning_rule::exit_rate}) {
    branch_search search(start, score(start));
    int rounds = 0;
    while (!search.done()) {
      REQUIRE(++rounds < 100);
      branch_candidate c = search.propose(random);
      const branch_score s = score(c);
      search.judge(std::move(c), s, search.score(), rule, 0.0);
    }
    CHECK(search.best().design.stages.back().channels == 24);
    CHECK(std::ranges::count(search.best().design.stages, separable, &branch_stage::what) == 1);
    CHECK(search.score().rate == 0.5);
    CHECK(search.steps().size() == static_cast<std::size_t>(rounds));
    CHECK_FALSE(search.steps().back().accepted);
  }
}
