// SPDX-License-Identifier: MIT
// annotated_video: frames with what became of them written below, as a video file that ffmpeg encodes.
#pragma once

#include <csignal>
#include <cstdint>
#include <functional>
#include <string>

#include "any_source.hpp"
#include "captioned_picture.hpp"

namespace examples {

/// Whether what was played can be played once more: a file, a folder, what ffmpeg computes; no camera.
[[nodiscard]] bool can_be_read_again(const std::string& path, const std::string& format);

/// The first `count` frames of a source as an mp4 file, `rate` of them a second, 60 at most: faster streams
/// are shown slower. Holds one frame at a time. The file has its name once it is whole. Returns a sentence
/// where there is no ffmpeg, else nothing. Throws where the source has fewer frames, where ffmpeg fails (with
/// what it said), and where `stop` was set.
[[nodiscard]] std::string write_annotated_video(const std::string& path, any_source& frames, double rate,
                                                std::uint64_t count,
                                                const std::function<caption(std::uint64_t)>& captions,
                                                const volatile std::sig_atomic_t& stop);

}  // namespace examples
