// SPDX-License-Identifier: MIT
// What stands below each frame of a stream's video.
#include <filesystem>

#include "annotated_video.hpp"
#include "stream_report.hpp"

namespace examples {
namespace {

constexpr colour in_time{60, 200, 90}, late{240, 170, 40}, dropped{220, 60, 60};

caption caption_of(const frame_note& f, const stream_setting& s) {
  const std::string truth = f.truth >= 0 ? class_name(s.network, f.truth) : std::string();
  if (f.dropped()) return {dropped, {"DROPPED", truth.empty() ? truth : "is " + truth}};
  const std::string exit = s.adaptive ? s.network.exits[f.exit].name + " (" + std::to_string(f.exit + 1) +
                                            " of " + std::to_string(s.network.exits.size()) + ")"
                                      : "backbone";
  return {f.late ? late : in_time,
          {class_name(s.network, f.label), exit,
           text_of("%.3f", static_cast<double>(f.confidence)) + ", " + text_of("%.2f", f.latency_ms()) +
               " ms" + (f.late ? " LATE" : ""),
           f.truth < 0          ? ""
           : f.truth == f.label ? "correct"
                                : "wrong, is " + truth}};
}

}  // namespace

std::string write_stream_video(const std::string& folder, const stream_setting& s,
                               std::span<const frame_note> frames, const volatile std::sig_atomic_t& stop) {
  const stream_options& o = s.given;
  if (frames.empty()) return "no annotated.mp4: no frame arrived";
  if (!can_be_read_again(o.video, o.format))
    return "no annotated.mp4: its source cannot be read a second time, as a file can";
  any_source again = open_frames(o.video, s.network.data.frame, o.format);
  return write_annotated_video(
      (std::filesystem::path(folder) / "annotated.mp4").string(), again, s.rate, frames.size(),
      [&](std::uint64_t k) { return caption_of(frames[static_cast<std::size_t>(k)], s); }, stop);
}

}  // namespace examples
