// SPDX-License-Identifier: MIT
#include "any_source.hpp"

#include <flexdnn/io/record_source.hpp>
#include <flexdnn/io/video_source.hpp>

#include "failure.hpp"
#include "image_folder.hpp"

namespace examples {

any_source open_frames(const std::string& path, flexdnn::shape extent, const std::string& format) {
  std::error_code ignored;
  if (format.empty() && std::filesystem::is_directory(path, ignored)) {
    image_folder images(path);
    std::string what = std::to_string(images.size()) + " images";
    return {std::move(images), std::move(what)};
  }
  if (format.empty() && path.ends_with(".bin")) {
    flexdnn::record_source records;
    require(records.open(path, extent));
    return {std::move(records),
            std::to_string(extent.height) + " x " + std::to_string(extent.width) + " pixels"};
  }
  flexdnn::video_source video;
  require(format.empty() ? video.open(path) : video.open(format, path));
  std::string what = std::to_string(video.height()) + " x " + std::to_string(video.width()) + " pixels";
  return {std::move(video), std::move(what)};
}

}  // namespace examples
