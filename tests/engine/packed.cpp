// SPDX-License-Identifier: MIT
// packed: packing writes every number, reads canonical ones only, and one machine packs for another.
#include <flexdnn/engine/packed.hpp>

#include <cstring>

#include "network_laws.hpp"
#include "networks.hpp"

using namespace flexdnn;

namespace {

/// A machine with our panel and other kernels.
struct remote : scalar {};

}  // namespace

template <>
inline constexpr tile flexdnn::tile_of<remote> = tile_of<native>;

TEST_CASE("packing twice gives the same bits, whatever lay there") {
  std::mt19937 random(3);
  reference::naive naive(3);
  const std::vector<float> frame = reference::uniform(networks::inserted::frame.size(), random);
  naive.run<networks::inserted_flat>(frame);
  const auto once = packed_from<networks::inserted>(naive.weights());
  packed<networks::inserted> again;
  pack(std::span<const float, lowered<networks::inserted>::parameters>(naive.weights()), again);
  CHECK(std::memcmp(once->values.data(), again.values.data(), sizeof again.values) == 0);
}

TEST_CASE("the packed layout depends on the target's panel alone") {
  std::mt19937 random(4);
  const std::vector<float> canonical = reference::uniform(lowered<networks::plain>::parameters, random);
  std::vector<float> positive;
  for (const float w : canonical) positive.push_back(w + 1.5F);  // variances
  const auto here = packed_from<networks::plain>(positive);
  const auto there = packed_from<networks::plain, cpu<remote>>(positive);
  CHECK(std::ranges::equal(here->values, there->values));
  CHECK(program<networks::plain, cpu<remote>>::workspace_floats ==
        program<networks::plain, native_target>::workspace_floats);
}
