// SPDX-License-Identifier: MIT
// temporal_ways: the ways to use the frames before, each with the settings to choose from.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <flexdnn/policy/difference_gate.hpp>
#include <flexdnn/policy/entropy_confidence.hpp>
#include <flexdnn/policy/scene_cut.hpp>
#include <flexdnn/policy/temporal_average.hpp>
#include <flexdnn/policy/temporal_patience.hpp>
#include <string_view>
#include <vector>

namespace examples {

enum class temporal_way : std::uint8_t { none, patience, average, gate, gated_average, cut };

inline constexpr std::array temporal_ways{temporal_way::none,          temporal_way::patience,
                                          temporal_way::average,       temporal_way::gate,
                                          temporal_way::gated_average, temporal_way::cut};

[[nodiscard]] constexpr std::string_view name_of(temporal_way w) {
  constexpr std::array<std::string_view, temporal_ways.size()> names{
      "each frame alone", "temporal patience", "temporal average",
      "difference gate",  "gate and average",  "the same, cuts found"};
  return names[static_cast<std::size_t>(w)];
}

/// What a way leaves to choose beside thresholds.
struct temporal_setting {
  temporal_way way = temporal_way::none;
  std::size_t lenience = 0;  ///< steps on the path of thresholds that an agreeing exit may be ahead
  float decay = 0.0F, gate = 0.0F;
  float cut = 0.0F;  ///< difference between two frames by which a scene ends
};

[[nodiscard]] inline std::vector<temporal_setting> settings_of(temporal_way w) {
  constexpr std::array gates{0.05F, 0.1F, 0.2F, 0.3F, 0.4F, 0.5F, 0.6F, 0.7F, 0.8F, 0.9F};
  constexpr std::array decays{0.2F, 0.3F, 0.4F, 0.5F, 0.6F, 0.7F, 0.8F, 0.9F};
  std::vector<temporal_setting> all;
  switch (w) {
    case temporal_way::none:
      return {{}};
    case temporal_way::patience:
      for (std::size_t steps = 2; steps <= 64; steps *= 2) all.push_back({w, steps});
      break;
    case temporal_way::average:
      for (const float d : decays) all.push_back({w, 0, d});
      break;
    case temporal_way::gate:
      for (const float g : gates) all.push_back({w, 0, 0.0F, g});
      break;
    case temporal_way::gated_average:
      for (const float d : decays) {
        for (const float g : gates) all.push_back({w, 0, d, g});
      }
      break;
    case temporal_way::cut:
      for (const temporal_setting& s : settings_of(temporal_way::gated_average)) {
        for (const float c : {0.3F, 0.5F, 0.7F, 0.9F}) all.push_back({w, 0, s.decay, s.gate, c});
      }
      break;
  }
  return all;
}

/// Calls use(policy) of the policy that a setting makes of `careful`, and of `agreeing` where it has
/// patience.
template <int Classes, class Policy, class Use>
auto with_policy(const temporal_setting& s, const Policy& careful, const Policy& agreeing,
                 const std::size_t& clip, Use use) {
  using average = flexdnn::temporal_average<Classes, Policy>;
  using gated = flexdnn::difference_gate<Classes, average>;
  const average averaged(s.decay, clip, careful);
  switch (s.way) {
    case temporal_way::patience:
      return use(flexdnn::temporal_patience<2, Policy>(clip, careful, agreeing));
    case temporal_way::average:
      return use(averaged);
    case temporal_way::gate:
      return use(flexdnn::difference_gate<Classes, Policy>(s.gate, clip, careful));
    case temporal_way::gated_average:
      return use(gated(s.gate, clip, averaged));
    case temporal_way::cut: {
      std::size_t found = 0;  // in place of the clips' numbers
      return use(flexdnn::scene_cut<Classes, gated>(s.cut, found,
                                                    gated(s.gate, found, average(s.decay, found, careful))));
    }
    case temporal_way::none:
      break;
  }
  return use(careful);
}

}  // namespace examples
