// SPDX-License-Identifier: MIT
// mixed_adaptation: a mixed adaptation of a small backbone, and when two came to the same.
#pragma once

#include <doctest/doctest.h>

#include <flexdnn/search/adapt.hpp>
#include <functional>
#include <string>

#include "problem.hpp"

namespace search_test {

/// A mixed adaptation, with all that can come out of it.
struct mixed {
  records train = bright_channel(64, 41), search = bright_channel(75, 42);
  weights<small_backbone> trunk = random_trunk();
  adaptation options{.cuts = {1, 2, 3},
                     .first_epochs = 2,
                     .rounds = 2,
                     .images = 64,
                     .training = quick_training(2),
                     .joint = {.epochs = 2},
                     .limit = {.most = 0.2}};
  std::function<void()> hear = [] {};

  [[nodiscard]] adapter adapter_of(unsigned threads = 2, communicator& processes = alone()) {
    return {
        freeze(trunk), frames_of(train), frames_of(search), options, [this](const std::string&) { hear(); },
        threads,       processes};
  }
};

inline void check_same(adapter& a, adapter& b) {
  a.place(), b.place();
  CHECK(a.trunk().values() == b.trunk().values());
  REQUIRE(a.kept().size() == b.kept().size());
  for (std::size_t e = 0; e < a.kept().size(); ++e) {
    CHECK(a.kept()[e].cut == b.kept()[e].cut);
    CHECK(a.kept()[e].branch.design == b.kept()[e].branch.design);
    CHECK(a.kept()[e].branch.parameters == b.kept()[e].branch.parameters);
  }
  REQUIRE(a.path().size() == b.path().size());
  for (std::size_t p = 0; p < a.path().size(); ++p) CHECK(a.path()[p].thresholds == b.path()[p].thresholds);
  REQUIRE(a.searches().size() == b.searches().size());
  for (std::size_t c = 0; c < a.searches().size(); ++c)
    CHECK(a.searches()[c].steps().size() == b.searches()[c].steps().size());
}

/// An adaptation that goes on from a checkpoint comes to the bits of a whole one.
inline void check_goes_on(const std::string& path, mixed& m, adapter& whole, unsigned threads = 2) {
  adapter resumed = m.adapter_of(threads);
  const status s = resumed.resume(path);
  REQUIRE_MESSAGE(s, s.message());
  REQUIRE(resumed.run());
  check_same(whole, resumed);
}

}  // namespace search_test
