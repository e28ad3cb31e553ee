// SPDX-License-Identifier: MIT
// peer: the list that peers add themselves to.
#include "peer.hpp"

#include <algorithm>

namespace flexdnn::bench {

namespace {

/// Inside a function, because it must be there before the constants of other files.
std::vector<peer>& all() {
  static std::vector<peer> peers;
  return peers;
}

}  // namespace

std::vector<peer> built_peers() {
  std::vector<peer> sorted = all();
  std::ranges::sort(sorted, {}, &peer::name);
  return sorted;
}

bool add_peer(const peer& p) {
  all().push_back(p);
  return true;
}

}  // namespace flexdnn::bench
