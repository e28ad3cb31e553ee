// SPDX-License-Identifier: MIT
// packed: packing writes every number, reads canonical ones only, and one machine packs for another.
#include <flexdnn/engine/packed.hpp>

#include <cstring>

#include "network_laws.hpp"
#include "networks.hpp"

using namespace flexdnn;

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
  using narrow = program<networks::plain, cpu<scalar>>;
  using wide = program<networks::plain, native_target>;
  const bool same_panel = cpu<scalar>::panel.panel() == native_target::panel.panel();
  const bool same_size = narrow::packed_floats == wide::packed_floats;
  CHECK((!same_panel || same_size));
  CHECK(narrow::workspace_floats == wide::workspace_floats);
}
