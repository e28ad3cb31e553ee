// SPDX-License-Identifier: MIT
// picture: an image file's pixels, and a part of them at another size.
#pragma once

#include <stb/stb_image.h>
#include <stb/stb_image_resize.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <flexdnn/core/shape.hpp>
#include <flexdnn/io/file.hpp>
#include <memory>
#include <string>
#include <vector>

#include "failure.hpp"
#include "where.hpp"

namespace examples {

/// Part of a picture: pixels from (left, top) on.
struct area {
  int left = 0, top = 0, width = 0, height = 0;
};

/// A picture, channels last.
struct picture {
  int width = 0, height = 0, channels = 0;
  std::unique_ptr<stbi_uc, void (*)(void*)> pixels{nullptr, stbi_image_free};
};

/// Whether a file ends before its picture does where stb_image takes what lies behind it in memory: a PNM of
/// so many bytes a picture, a BMP whose header says how long it is.
[[nodiscard]] inline bool is_cut(const std::vector<std::uint8_t>& file, std::size_t pnm_bytes) {
  if (file.size() < 6) return true;
  if (file[0] == 'P' && (file[1] == '5' || file[1] == '6')) return file.size() < pnm_bytes;
  const auto byte = [&](std::size_t i) { return std::size_t{file[i]} << 8 * (i - 2); };
  return file[0] == 'B' && file[1] == 'M' && file.size() < byte(2) + byte(3) + byte(4) + byte(5);
}

[[nodiscard]] inline picture read_picture(const std::filesystem::path& path, int channels) {
  std::vector<std::uint8_t> file;
  require(flexdnn::read_file(path.string(), file, std::uint64_t{1} << 28));
  picture p{.channels = channels};
  int own = 0;
  p.pixels.reset(
      stbi_load_from_memory(file.data(), static_cast<int>(file.size()), &p.width, &p.height, &own, channels));
  if (p.pixels == nullptr)
    fail(path, std::string("is no image that can be read (") + stbi_failure_reason() + ")");
  const auto side = [](int extent) { return static_cast<std::size_t>(extent); };
  if (is_cut(file, side(p.width) * side(p.height) * side(own)))
    fail(path, "is cut off, it ends before its picture does");
  return p;
}

/// The largest square in its middle.
[[nodiscard]] inline area middle_of(const picture& p) {
  const int side = std::min(p.width, p.height);
  return {(p.width - side) / 2, (p.height - side) / 2, side, side};
}

/// An area of bytes, channels last, `row` bytes from row to row, at an extent of as many channels: by a
/// triangle filter (bilinear; it averages where it shrinks).
[[nodiscard]] inline std::vector<std::uint8_t> resize(const std::filesystem::path& where,
                                                      const std::uint8_t* pixels, std::ptrdiff_t row,
                                                      area part, flexdnn::shape extent) {
  const int channels = extent.channels;
  std::vector<std::uint8_t> resized(extent.size());
  if (stbir_resize_uint8_generic(pixels + part.top * row + std::ptrdiff_t{part.left} * channels, part.width,
                                 part.height, static_cast<int>(row), resized.data(), extent.width,
                                 extent.height, 0, channels, STBIR_ALPHA_CHANNEL_NONE, 0, STBIR_EDGE_CLAMP,
                                 STBIR_FILTER_TRIANGLE, STBIR_COLORSPACE_LINEAR, nullptr) == 0) {
    fail(where, "no memory to resize it");
  }
  return resized;
}

}  // namespace examples
