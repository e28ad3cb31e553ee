// SPDX-License-Identifier: MIT
// variant_trace: what a network made of every frame of a stream, and what it costs to have and to load.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace comparators {

/// The path to an exit, branches on the way included.
struct exit_path {
  std::string name;
  std::uint64_t macs = 0;
  double seconds = 0.0;  ///< median over the frames that were timed, in turn with the other variants
};

struct variant_trace {
  std::string name{};    ///< "width_16", "branchynet", "nested_8", "nested_exits_8", "width_16_at_24", "ours"
  std::string system{};  ///< "width", "branchynet", "nested", "nested_exits", "resolution", "ours"
  std::vector<exit_path> exits{};                     ///< one for a network without early exits
  double allocate_seconds = 0.0;                      ///< engine and weights' memory
  double load_seconds = 0.0;                          ///< parameters read, checked, folded, packed
  std::size_t parameter_bytes = 0, engine_bytes = 0;  ///< packed weights; workspace
  std::vector<std::vector<int>> labels{};             ///< [exit][frame]
  std::vector<std::vector<float>> confidences{};      ///< [exit][frame], entropy confidence
};

/// All variants on the same frames, in the stream's order.
struct stream_trace {
  std::vector<int> truth, clip;
  std::vector<variant_trace> variants;

  [[nodiscard]] std::size_t frames() const { return truth.size(); }
};

}  // namespace comparators
