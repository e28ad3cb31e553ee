// SPDX-License-Identifier: MIT
// image_folder: the images of a folder as frames, in the order of their names, each of its own size.
#pragma once

#include <array>
#include <cstring>
#include <flexdnn/frame/frame_layout.hpp>
#include <span>

#include "folder.hpp"
#include "picture.hpp"

namespace examples {

/// A frame is an image's height and width, then its pixels in RGB. The constructor reads the images' headers
/// and throws a sentence about the first that is none; what breaks later ends the frames, and ending() names
/// it.
class image_folder {
 public:
  static constexpr int widest = 8192;  ///< and highest, pixels

  explicit image_folder(const std::filesystem::path& folder) : images_(entries_of(folder, is_image)) {
    if (images_.empty()) fail(folder, "holds no images (.jpg, .jpeg, .png, .bmp, .ppm, .pgm)");
    for (const std::filesystem::path& image : images_) {
      int width = 0, height = 0, channels = 0;
      if (stbi_info(image.c_str(), &width, &height, &channels) == 0)
        fail(image, std::string("is no image that can be read (") + stbi_failure_reason() + ")");
      if (width > widest || height > widest) {
        fail(image, "has " + std::to_string(height) + " x " + std::to_string(width) +
                        " pixels, wanted 1 to " + std::to_string(widest) + " each");
      }
      largest_ = std::max(largest_, flexdnn::frame_layout{flexdnn::pixel_format::rgb, height, width}.bytes());
    }
  }

  [[nodiscard]] std::size_t size() const { return images_.size(); }
  [[nodiscard]] std::size_t frame_bytes() const { return sizeof(extent) + largest_; }

  [[nodiscard]] flexdnn::frame_view view(std::span<const std::byte> frame) const noexcept {
    extent size{};
    std::memcpy(size.data(), frame.data(), sizeof(extent));
    return flexdnn::frame_layout{flexdnn::pixel_format::rgb, size[0], size[1]}.view(
        frame.subspan(sizeof(extent)));
  }

  bool read(std::span<std::byte> to) {
    if (next_ == images_.size() || to.size() < frame_bytes()) return false;
    const std::filesystem::path& path = images_[next_];
    try {
      const picture p = read_picture(path, 3);
      const extent size{p.height, p.width};
      const std::size_t bytes = flexdnn::frame_layout{flexdnn::pixel_format::rgb, p.height, p.width}.bytes();
      if (bytes > largest_) fail(path, "has grown since the folder was opened");
      std::memcpy(to.data(), size.data(), sizeof(extent));
      std::memcpy(to.data() + sizeof(extent), p.pixels.get(), bytes);
    } catch (const std::exception& trouble) {
      ending_ = flexdnn::status::error(flexdnn::code::malformed, "%s", trouble.what());
      next_ = images_.size();
      return false;
    }
    ++next_;
    return true;
  }

  [[nodiscard]] flexdnn::status ending() const { return ending_; }

 private:
  using extent = std::array<int, 2>;

  std::vector<std::filesystem::path> images_;
  std::size_t largest_ = 0, next_ = 0;
  flexdnn::status ending_;
};

}  // namespace examples
