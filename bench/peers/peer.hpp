// SPDX-License-Identifier: MIT
// peer: another library that runs our graphs; each is one file that registers itself, where it was built.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "graph.hpp"
#include "runner.hpp"

namespace flexdnn::bench {

struct peer {
  std::string_view name;  ///< in JSON
  /// Readies the library, for one thread; `library` is its file where it is loaded at run time. Gives name
  /// and version as the table heads them; throws what is wrong.
  std::string (*open)(const std::string& library);
  /// The frame is channels last; a peer may keep it in the layout that it likes best.
  std::unique_ptr<runner> (*make)(const graph&, std::span<const float> frame);
  /// Relative L2 of ours against its output: more is another function, not another order of sums.
  double largest_error = 1e-4;
};

/// Those that were built, in the order of their names.
[[nodiscard]] std::vector<peer> built_peers();

/// Called once, by a constant of the peer's file.
bool add_peer(const peer& p);

}  // namespace flexdnn::bench
