// SPDX-License-Identifier: MIT
// quickest: for libraries that leave a choice to whoever calls them.
#pragma once

#include <initializer_list>
#include <memory>
#include <utility>
#include <vector>

#include "../sampling.hpp"
#include "runner.hpp"

namespace flexdnn::bench {

/// What `make` gives for the setting that is quickest on this machine. They take turns, because one after the
/// other each would meet other neighbours: MNN's worse Winograd won on ResNet-20 so.
template <class Setting, class Make>
[[nodiscard]] std::unique_ptr<runner> quickest(std::initializer_list<Setting> settings, const Make& make) {
  std::vector<std::unique_ptr<runner>> all;
  turns timed;
  for (const Setting& setting : settings) {
    all.push_back(make(setting));
    timed.add([one = all.back().get()] { one->run(); });
  }
  const double start = seconds();
  for (int i = 0; i < 3 || (timed.fewest_kept() < 5 && seconds() - start < 0.5); ++i) timed.round();
  std::size_t best = 0;
  for (std::size_t i = 1; i < all.size(); ++i) {
    if (timed.result_of(i).seconds < timed.result_of(best).seconds) best = i;
  }
  return std::move(all[best]);
}

}  // namespace flexdnn::bench
