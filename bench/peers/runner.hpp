// SPDX-License-Identifier: MIT
// runner: what is timed: a network, ours or a peer's, with its weights and its frame.
#pragma once

#include <vector>

namespace flexdnn::bench {

class runner {
 public:
  runner() = default;
  runner(const runner&) = delete;
  runner& operator=(const runner&) = delete;
  virtual ~runner() = default;

  virtual void run() = 0;
  /// What the last run gave, channels last.
  [[nodiscard]] virtual std::vector<float> output() = 0;
};

}  // namespace flexdnn::bench
