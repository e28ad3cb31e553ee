// SPDX-License-Identifier: MIT
// image_reader: collects labelled images, each brought to one extent.
#pragma once

#include <algorithm>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "image_set.hpp"
#include "picture.hpp"

namespace examples {

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
    const std::vector<std::uint8_t> resized = resize(where, pixels, row, part, extent_);
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
    area part = middle_of(p);
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
