// SPDX-License-Identifier: MIT
// shipped_network: networks with exits in weights/ as types, for programs that need more than a model shows.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>

#include "../../weights/cifar10_resnet56_mixed.hpp"
#include "../../weights/gtsrb_resnet20.hpp"

namespace examples {

inline constexpr const char* shipped_networks = "gtsrb_resnet20 or cifar10_resnet56_mixed";

/// Calls run.operator()<Network>() of the network that has the name.
template <class Run>
void with_shipped_network(const std::string& name, Run run) {
  if (name == "gtsrb_resnet20") return run.template operator()<flexdnn::gtsrb_resnet20>();
  if (name == "cifar10_resnet56_mixed") return run.template operator()<flexdnn::cifar10_resnet56_mixed>();
  throw std::runtime_error("unknown model " + name + ": " + shipped_networks);
}

/// Its weights; the file given, where one is.
[[nodiscard]] inline std::string shipped_weights(const std::string& name, const std::string& given) {
  return given.empty() ? FLEXDNN_SOURCE_DIR "/weights/" + name + ".safetensors" : given;
}

/// Number of its largest level at or below the risk.
template <class Network>
[[nodiscard]] std::size_t shipped_level(double risk) {
  std::size_t below = 0;
  while (below < Network::risk_levels.size() && Network::risk_levels[below].risk <= risk) ++below;
  if (below == 0) throw std::runtime_error("--risk is below every level of the network");
  return below - 1;
}

}  // namespace examples
