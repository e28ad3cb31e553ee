// SPDX-License-Identifier: MIT
// stream_log: what became of each frame of a stream, noted while it runs without allocating anything.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace examples {

struct frame_note {
  std::int64_t arrived = 0;    ///< nanoseconds since the stream's start
  std::int64_t answered = -1;  ///< likewise; -1: dropped
  float confidence = 0.0F;
  std::int16_t label = 0, truth = -1;  ///< truth -1: not known
  std::uint16_t exit = 0, level = 0;
  bool late = false;

  [[nodiscard]] bool dropped() const noexcept { return answered < 0; }
  [[nodiscard]] double latency_ms() const noexcept { return 1e-6 * static_cast<double>(answered - arrived); }
};

/// Of the first `most` frames. Who brings a frame writes when it arrived before the server knows of it, the
/// server's thread the rest.
class stream_log {
 public:
  explicit stream_log(std::size_t most) : notes_(most) {}

  /// Frame by its number; nullptr: it is not noted.
  [[nodiscard]] frame_note* at(std::uint64_t frame) noexcept {
    return frame < notes_.size() ? &notes_[static_cast<std::size_t>(frame)] : nullptr;
  }
  /// Once all have been answered.
  [[nodiscard]] std::span<const frame_note> first(std::uint64_t arrived) const noexcept {
    return std::span(notes_).first(arrived < notes_.size() ? static_cast<std::size_t>(arrived)
                                                           : notes_.size());
  }

 private:
  std::vector<frame_note> notes_;
};

}  // namespace examples
