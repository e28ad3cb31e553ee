// SPDX-License-Identifier: MIT
// frozen_trunk: behind the interface is the backbone that went in; where exits may stand.
#include <flexdnn/search/frozen_trunk.hpp>

#include <doctest/doctest.h>

#include "problem.hpp"

using namespace search_test;

TEST_CASE("the backbone's facts, maps and scores; the same with other weights") {
  const weights<small_backbone> w = random_trunk();
  const std::unique_ptr<frozen_trunk> trunk = freeze(w);
  using probe = trunk_probe<small_backbone>;
  CHECK(trunk->classes() == 3);
  CHECK(trunk->macs() == lowered<small_backbone>::trunk_macs);
  CHECK(trunk->values() == w.values);
  CHECK(trunk->tensors().size() == parameters<small_backbone>().size());
  REQUIRE(trunk->cuts() == probe::cuts);
  for (int cut = 1; cut <= probe::cuts; ++cut) {
    CHECK(trunk->cut(cut).map == probe::extent(cut));
    CHECK(trunk->cut(cut).macs == probe::macs(cut));
  }

  const std::vector<float> frame(small_backbone::frame.size(), 0.5F);
  const auto answers_of = [&](const frozen_trunk& t) {
    std::vector<float> all;
    const std::unique_ptr<frozen_trunk::runner> run = t.make_runner();
    const auto scores = run->run(frame, [&](int cut, std::span<const float> map) {
      CHECK(map.size() == t.cut(cut).map.size());
      all.insert(all.end(), map.begin(), map.end());
    });
    all.insert(all.end(), scores.begin(), scores.end());
    return all;
  };
  const auto packed_trunk = std::make_unique<probe::trunk>(w);
  probe p(*packed_trunk);
  std::vector<float> wanted;
  const auto scores = p.run(probe::frame(frame), [&](int, std::span<const float> map) {
    wanted.insert(wanted.end(), map.begin(), map.end());
  });
  wanted.insert(wanted.end(), scores.begin(), scores.end());
  CHECK(answers_of(*trunk) == wanted);

  std::vector<float> others = w.values;
  others.front() += 1.0F;
  const std::unique_ptr<frozen_trunk> other = trunk->with(others);
  CHECK(other->values() == others);
  CHECK(answers_of(*other) != wanted);
  CHECK(answers_of(*other->with(w.values)) == wanted);
}

TEST_CASE("positions: where the map has pixels and something of the backbone remains") {
  const std::unique_ptr<frozen_trunk> trunk = freeze(random_trunk());
  const std::vector<int> cuts = trunk->default_cuts();
  CHECK_FALSE(cuts.empty());
  for (const int cut : cuts) {
    CHECK(trunk->cut(cut).map.pixels() > 1);
    const double share = static_cast<double>(trunk->cut(cut).macs) / static_cast<double>(trunk->macs());
    CHECK(share >= 0.1);
    CHECK(share <= 0.95);
  }
}
