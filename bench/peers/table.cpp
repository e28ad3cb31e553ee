// SPDX-License-Identifier: MIT
// table: rows are printed as they come, because the whole takes minutes.
#include "table.hpp"

#include <algorithm>

namespace flexdnn::bench {

void table::print_head() const {
  std::printf("| %-20s | %8s | %9s | %% of peak |", "workload", "MMACs", "ours, ms");
  for (const column& p : peers_) std::printf(" %s, ms |", p.title.c_str());
  std::printf(" best peer / ours | kept | max error |\n| --- | --- | --- | --- |");
  for (std::size_t i = 0; i < peers_.size(); ++i) std::printf(" --- |");
  std::printf(" --- | --- | --- |\n");
  std::fflush(stdout);
}

void table::add(row r) {
  std::printf("| %-20.*s | %8.3f | %9.4g | %9.0f |", static_cast<int>(r.name.size()), r.name.data(), r.mmacs,
              r.ours_ms, 100.0 * r.peak_share);
  for (std::size_t i = 0; i < peers_.size(); ++i) {
    std::printf(" %*.4g |", static_cast<int>(peers_[i].title.size()) + 4, r.peers_ms[i]);
  }
  if (peers_.empty()) {
    std::printf(" %16s | %4zu | %9s |\n", "-", r.kept, "-");
  } else {
    std::printf(" %16.2f | %4zu | %9.1e |\n", std::ranges::min(r.peers_ms) / r.ours_ms, r.kept, *r.error);
  }
  std::fflush(stdout);
  rows_.push_back(std::move(r));
}

void table::write_json(std::FILE* file) const {
  std::fprintf(file, "[");
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    const row& r = rows_[i];
    std::fprintf(file,
                 "%s\n  {\"workload\": \"%.*s\", \"mmacs\": %.6f, \"ours_ms\": %.6g, \"peak_share\": %.4f, "
                 "\"peers\": {",
                 i > 0 ? "," : "", static_cast<int>(r.name.size()), r.name.data(), r.mmacs, r.ours_ms,
                 r.peak_share);
    for (std::size_t p = 0; p < peers_.size(); ++p) {
      std::fprintf(file, "%s\"%.*s\": %.6g", p > 0 ? ", " : "", static_cast<int>(peers_[p].name.size()),
                   peers_[p].name.data(), r.peers_ms[p]);
    }
    std::fprintf(file, "}, \"kept\": %zu, \"max_error\": ", r.kept);
    if (r.error) {
      std::fprintf(file, "%.3g}", *r.error);
    } else {
      std::fprintf(file, "null}");  // no peer to compare with
    }
  }
  std::fprintf(file, "\n]\n");
}

}  // namespace flexdnn::bench
