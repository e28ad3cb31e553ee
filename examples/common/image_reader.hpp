// SPDX-License-Identifier: MIT
// image_reader: collects labelled images, each brought to one extent.
#pragma once

#include <stb/stb_image.h>
#include <stb/stb_image_resize.h>

#include <algorithm>
#include <filesystem>
#include <flexdnn/io/file.hpp>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "failure.hpp"
#include "image_set.hpp"
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

[[nodiscard]] inline picture read_picture(const std::filesystem::path& path, int channels) {
  std::vector<std::uint8_t> file;
  require(flexdnn::read_file(path.string(), file, std::uint64_t{1} << 28));
  picture p{.channels = channels};
  int own = 0;
  p.pixels.reset(
      stbi_load_from_memory(file.data(), static_cast<int>(file.size()), &p.width, &p.height, &own, channels));
  if (p.pixels == nullptr)
    fail(path, std::string("is no image that can be read (") + stbi_failure_reason() + ")");
  return p;
}

class image_reader {
 public:
  image_reader(flexdnn::shape extent, std::size_t classes) : extent_(extent), classes_(classes) {
    set_.images.extent = extent;
  }

  /// Adds an image: an area of bytes, channels last, `row` bytes from row to row.
  void add(const std::filesystem::path& where, int label, int clip, const std::uint8_t* pixels,
           std::ptrdiff_t row, area part) {
    if (label < 0 || static_cast<std::size_t>(label) >= std::min<std::size_t>(classes_, 256)) {
      fail(where, "label " + std::to_string(label) + ", the network has classes 0 to " +
                      std::to_string(classes_ - 1));
    }
    const int channels = extent_.channels;
    std::vector<std::uint8_t> resized(extent_.size());
    if (stbir_resize_uint8_generic(pixels + part.top * row + std::ptrdiff_t{part.left} * channels, part.width,
                                   part.height, static_cast<int>(row), resized.data(), extent_.width,
                                   extent_.height, 0, channels, STBIR_ALPHA_CHANNEL_NONE, 0, STBIR_EDGE_CLAMP,
                                   STBIR_FILTER_TRIANGLE, STBIR_COLORSPACE_LINEAR, nullptr) == 0) {
      fail(where, "no memory to resize it");
    }
    set_.images.bytes.push_back(static_cast<std::uint8_t>(label));
    for (int c = 0; c < channels; ++c) {
      for (std::size_t i = static_cast<std::size_t>(c); i < resized.size();
           i += static_cast<std::size_t>(channels)) {
        set_.images.bytes.push_back(resized[i]);
      }
    }
    set_.clips.push_back(clip);
  }

  void add(const std::filesystem::path& path, int label, int clip, const area* given) {
    const picture p = read_picture(path, extent_.channels);
    const int side = std::min(p.width, p.height);
    area part{(p.width - side) / 2, (p.height - side) / 2, side, side};
    if (given != nullptr) {
      part = *given;
      if (part.left < 0 || part.top < 0 || part.width < 1 || part.height < 1 ||
          part.left + part.width > p.width || part.top + part.height > p.height) {
        fail(path, "its sign lies outside the image of " + std::to_string(p.width) + " x " +
                       std::to_string(p.height));
      }
    }
    add(path, label, clip, p.pixels.get(), std::ptrdiff_t{p.width} * p.channels, part);
  }

  [[nodiscard]] image_set done(const std::filesystem::path& where, const char* layout) {
    if (set_.size() == 0) fail(where, "holds no images");
    set_.layout = layout;
    return std::move(set_);
  }
  [[nodiscard]] int next_clip() const { return static_cast<int>(set_.clips.size()); }

 private:
  flexdnn::shape extent_;
  std::size_t classes_;
  image_set set_;
};

}  // namespace examples
