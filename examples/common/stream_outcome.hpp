// SPDX-License-Identifier: MIT
// stream_outcome: what came of a stream, as rows for people and as JSON for programs.
#pragma once

#include <flexdnn/stream/waiting_line.hpp>

#include "page.hpp"
#include "report.hpp"

namespace examples {

/// What came of a stream.
struct outcome {
  flexdnn::stream_counts counts;
  double p50_ms = 0.0, p99_ms = 0.0, busy = 0.0;  ///< busy: share of the time
  std::vector<std::uint64_t> exits, levels;       ///< frames answered at each

  [[nodiscard]] std::uint64_t served() const { return counts.answered + counts.late; }
};

inline json json_of(const outcome& r) {
  const auto shares = [&](const std::vector<std::uint64_t>& counts) {
    json all = json::array();
    for (const std::uint64_t n : counts) {
      all.push_back(r.served() == 0 ? 0.0 : static_cast<double>(n) / static_cast<double>(r.served()));
    }
    return all;
  };
  return {{"arrived", r.counts.arrived},
          {"answered", r.counts.answered},
          {"dropped", r.counts.dropped},
          {"late", r.counts.late},
          {"latency_ms", {{"p50", r.p50_ms}, {"p99", r.p99_ms}}},
          {"exit_shares", shares(r.exits)},
          {"busy_share", r.busy},
          {"level_shares", shares(r.levels)}};
}

/// Name, frames, share.
inline std::vector<row> rows_of(const outcome& r, const model& m, const std::vector<std::size_t>& levels) {
  std::vector<row> rows;
  const auto add = [&](const std::string& name, std::uint64_t n, std::uint64_t of) {
    rows.push_back(
        {name, std::to_string(n),
         flexdnn::percent(static_cast<double>(n), static_cast<double>(std::max<std::uint64_t>(of, 1)))});
  };
  add("arrived", r.counts.arrived, r.counts.arrived);
  add("answered in time", r.counts.answered, r.counts.arrived);
  add("answered late", r.counts.late, r.counts.arrived);
  add("dropped", r.counts.dropped, r.counts.arrived);
  for (std::size_t e = 0; r.exits.size() > 1 && e < r.exits.size(); ++e) {
    add("left at " + m.exits[e].name, r.exits[e], r.served());
  }
  for (std::size_t l = 0; levels.size() > 1 && l < levels.size(); ++l) {
    add("at risk " + text_of("%g", m.risks[levels[l]]), r.levels[l], r.served());
  }
  return rows;
}

}  // namespace examples
