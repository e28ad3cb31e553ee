// SPDX-License-Identifier: MIT
// stream_report: a stream as files: a page of where frames left, how long they took, what was lost and when;
// a row each frame; and the frames themselves with what became of them.
#pragma once

#include <csignal>
#include <span>
#include <string>

#include "csv_rows.hpp"
#include "stream_log.hpp"
#include "stream_outcome.hpp"
#include "stream_player.hpp"

namespace examples {

/// DIR/report.html and DIR/frames.csv, a row each frame that was noted. others: of other systems, may be
/// empty. Throws std::runtime_error.
void write_stream_report(const std::string& folder, const outcome& r, const stream_setting& s,
                         const std::string& facts, std::span<const frame_note> frames,
                         const csv_rows& others);

/// DIR/annotated.mp4, each frame with its label, exit, confidence and latency, or that it was dropped or
/// late. Reads the source once more. Returns a sentence where that cannot be, or there is no ffmpeg. Throws
/// where the file cannot be written, and where `stop` was set meanwhile.
[[nodiscard]] std::string write_stream_video(const std::string& folder, const stream_setting& s,
                                             std::span<const frame_note> frames,
                                             const volatile std::sig_atomic_t& stop);

/// Makes the folder; throws where it cannot be, or holds one of these files already.
void check_report_folder(const std::string& folder);

}  // namespace examples
