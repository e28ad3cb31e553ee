// SPDX-License-Identifier: MIT
// stream_report: a stream as a page: where frames left, how long they took, what was lost and when.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "model.hpp"
#include "page.hpp"
#include "stream_log.hpp"

namespace examples {

/// What is told of a stream beside its frames.
struct streamed {
  std::string title, facts;
  std::vector<std::vector<std::string>> rows;  ///< name, frames, share
  double tolerated_ms = 0.0;
  bool adaptive = false;
};

/// DIR/report.html and DIR/frames.csv, a row each frame that was noted. Throws std::runtime_error.
void write_stream_report(const std::string& folder, const model& m, const streamed& s,
                         std::span<const frame_note> frames);

/// Makes the folder; throws where it cannot be, or holds a report already.
void check_report_folder(const std::string& folder);

}  // namespace examples
