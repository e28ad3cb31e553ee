// SPDX-License-Identifier: MIT
// frame_source: what gives frames one after another: a camera's driver, a video, a folder, memory.
#pragma once

#include <concepts>
#include <cstddef>
#include <span>

#include "../core/status.hpp"
#include "frame_view.hpp"

namespace flexdnn {

/// frame_bytes(): a buffer of so many holds any of its frames. read(buffer): waits for the next frame and
/// writes it there, by DMA where a driver likes; false: there is none, now and from now on. view(bytes): what
/// read() wrote, as an image; where images differ in size the bytes say so themselves. What was read can so
/// be kept, queued and looked at on another thread.
template <class S>
concept frame_source = requires(S& source, const S& constant, std::span<std::byte> buffer,
                                std::span<const std::byte> bytes) {
  { constant.frame_bytes() } -> std::same_as<std::size_t>;
  { source.read(buffer) } -> std::same_as<bool>;
  { constant.view(bytes) }
  noexcept->std::same_as<frame_view>;
};

/// Why read() said false: ok, the frames had come to their end; else what cut them off. A source without
/// ending() is never cut off.
template <frame_source S>
[[nodiscard]] status ending_of(const S& source) {
  if constexpr (requires {
                  { source.ending() } -> std::same_as<status>;
                })
    return source.ending();
  return {};
}

/// Frames a second as the source says; 0: it does not know, as without frame_rate().
template <frame_source S>
[[nodiscard]] double frame_rate_of(const S& source) {
  if constexpr (requires {
                  { source.frame_rate() } -> std::convertible_to<double>;
                })
    return source.frame_rate();
  return 0.0;
}

}  // namespace flexdnn
