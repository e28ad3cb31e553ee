// SPDX-License-Identifier: MIT
// memory_source: frames that lie one after another in memory or flash.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>

#include "../core/status.hpp"
#include "frame_layout.hpp"

namespace flexdnn {

/// Owns nothing. Without open() it has no frames.
class memory_source {
 public:
  [[nodiscard]] std::size_t frame_bytes() const noexcept { return bytes_; }
  [[nodiscard]] frame_view view(std::span<const std::byte> frame) const noexcept {
    return layout_.view(frame);
  }

  bool read(std::span<std::byte> to) noexcept {
    if (rest_.empty() || to.size() < bytes_) return false;
    std::copy_n(rest_.begin(), bytes_, to.begin());
    rest_ = rest_.subspan(bytes_);
    return true;
  }

  /// Without a copy; empty: there is none.
  [[nodiscard]] std::span<const std::byte> next() noexcept {
    const std::span<const std::byte> frame = rest_.first(rest_.empty() ? 0 : bytes_);
    rest_ = rest_.subspan(frame.size());
    return frame;
  }

  /// From the first of these frames on. On an error it stays as it was.
  /// Errors: bad_option (no such images), wrong_size (not whole frames, or none).
  status open(std::span<const std::byte> frames, frame_layout layout) noexcept {
    const std::size_t each = layout.bytes();
    if (each == 0) {
      return status::error(code::bad_option, "memory: there are no images of format %d and %d x %d pixels",
                           static_cast<int>(layout.format), layout.height, layout.width);
    }
    if (frames.empty() || frames.size() % each != 0) {
      return status::error(code::wrong_size,
                           "memory: %zu bytes, whole frames of %zu are wanted, %zu bytes are left over",
                           frames.size(), each, frames.size() % each);
    }
    layout_ = layout, bytes_ = each, rest_ = frames;
    return {};
  }

 private:
  frame_layout layout_;
  std::size_t bytes_ = 0;
  std::span<const std::byte> rest_;
};

}  // namespace flexdnn
