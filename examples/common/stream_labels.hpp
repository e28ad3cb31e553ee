// SPDX-License-Identifier: MIT
// stream_labels: what the frames of a stream show: a table's column, else what records carry.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "any_source.hpp"
#include "model.hpp"

namespace examples {

class stream_labels {
 public:
  /// table: a CSV file with a row each frame and a column label or class, -1 where it is not known; empty:
  /// there is none. Throws a sentence about its first row that is no class of the model.
  stream_labels(const std::string& table, const model& m);

  /// The class of a frame, which source gave; -1: not known, or no class of the model.
  [[nodiscard]] std::int16_t of(std::uint64_t number, std::span<const std::byte> frame,
                                const any_source& source) const noexcept;

  /// Throws where the table has other than so many rows; at least: or more.
  void check_length(std::uint64_t frames, bool at_least) const;

 private:
  std::string table_;
  std::size_t classes_;
  std::vector<std::int16_t> labels_;
};

}  // namespace examples
