// SPDX-License-Identifier: MIT
// record_source: the images of a file of records as frames.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>

#include "../core/status.hpp"
#include "../frame/frame_layout.hpp"
#include "records.hpp"

namespace flexdnn {

/// A frame is a whole record: its label, then its pixels as they lie in the file, which a frame_converter
/// reads as fast as interleaved ones. Records are in memory, so that no disk delays a stream.
class record_source {
 public:
  [[nodiscard]] std::size_t frame_bytes() const noexcept { return layout_.bytes() + 1; }
  [[nodiscard]] frame_view view(std::span<const std::byte> frame) const noexcept {
    return layout_.view(frame.subspan(1));
  }
  [[nodiscard]] std::uint8_t label(std::span<const std::byte> frame) const noexcept {
    return std::to_integer<std::uint8_t>(frame[0]);
  }
  [[nodiscard]] std::size_t size() const { return images_.size(); }

  bool read(std::span<std::byte> to) {
    if (next_ == images_.size() || to.size() < frame_bytes()) return false;
    const auto all = std::as_bytes(std::span(images_.bytes));
    std::ranges::copy(all.subspan(next_++ * frame_bytes(), frame_bytes()), to.begin());
    return true;
  }

  /// On an error it stays as it was. Errors: bad_option (neither 1 nor 3 channels), those of load_records.
  status open(const std::string& path, shape extent) {
    if (extent.channels != 1 && extent.channels != 3) {
      return status::error(code::bad_option, "%s: records of %d channels, wanted 1 or 3 for images",
                           quoted(path, keep::back).text(), extent.channels);
    }
    records images;
    if (const status s = load_records(path, extent, images); !s) return s;
    layout_ = {extent.channels == 1 ? pixel_format::grey : pixel_format::planar_rgb, extent.height,
               extent.width};
    images_ = std::move(images), next_ = 0;
    return {};
  }

 private:
  frame_layout layout_;
  records images_;
  std::size_t next_ = 0;
};

}  // namespace flexdnn
