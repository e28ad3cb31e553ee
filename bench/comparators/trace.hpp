// SPDX-License-Identifier: MIT
// trace: every variant over every frame of a stream, what all exits say, and what it takes, measured.
#pragma once

#include <flexdnn/io/records.hpp>
#include <string>
#include <vector>

#include "variant.hpp"
#include "variant_trace.hpp"

namespace comparators {

/// Frames of 3 x 32 x 32 bytes, and how networks want them.
struct stream {
  flexdnn::records images;
  std::vector<int> clips;  ///< one number for the frames of a track
  std::span<const float> mean, deviation;
};

/// path: records; a table beside them (.csv) with a column `track` says which frames belong together. Throws
/// std::runtime_error: what, where, got, wanted.
[[nodiscard]] stream load_stream(const std::string& path, const std::string& data_set);

/// A frame as a variant wants it: at its side, by averaging (frame_converter), normalised.
void read_frame(const stream& s, std::size_t frame, int side, std::vector<float>& out);

/// Loads each variant from folder/FILE.safetensors, runs it over all frames, then times: `timed` frames, each
/// made to leave at each exit, variants in turn, the median of the frames' shortest of three runs. progress:
/// a name on standard error. Throws as above.
[[nodiscard]] stream_trace trace(const std::vector<variant>& family, const std::string& folder,
                                 const stream& s, std::size_t timed, const char* progress);

/// The bytes of a variant's file.
[[nodiscard]] std::vector<std::byte> read_weights_file(const variant& v, const std::string& folder);

}  // namespace comparators
