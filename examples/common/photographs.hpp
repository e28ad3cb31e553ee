// SPDX-License-Identifier: MIT
// photographs: labelled image files in a folder a class, and their pixels at a network's extent.
#pragma once

#include <stb/stb_image.h>
#include <stb/stb_image_resize.h>

#include <algorithm>
#include <filesystem>
#include <flexdnn/io/file.hpp>
#include <flexdnn/kernels/convert.hpp>
#include <memory>
#include <string>
#include <vector>

#include "class_list.hpp"
#include "failure.hpp"
#include "model.hpp"

namespace examples {

struct photograph {
  std::string path;
  int label = 0;
};

inline bool is_image(const std::filesystem::path& file) {
  std::string ending = file.extension().string();
  std::ranges::transform(ending, ending.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
  return ending == ".jpg" || ending == ".jpeg" || ending == ".png" || ending == ".bmp" || ending == ".ppm";
}

/// Sorted names of what `folder` holds that is wanted.
template <class Wanted>
std::vector<std::filesystem::path> entries_of(const std::filesystem::path& folder, Wanted wanted) {
  std::error_code trouble;
  std::vector<std::filesystem::path> found;
  for (auto at = std::filesystem::directory_iterator(folder, trouble); !trouble && at != end(at);
       at.increment(trouble)) {
    if (wanted(*at)) found.push_back(at->path());
  }
  if (trouble) {
    throw std::runtime_error(std::string(flexdnn::quoted(folder.string(), flexdnn::keep::back).text()) +
                             ": " + trouble.message());
  }
  std::ranges::sort(found);
  return found;
}

/// The images of folder/CLASS/*, sorted. Classes: as the list says; without one the sorted folders are
/// classes 0, 1, ..., and there must be as many as the model has.
inline std::vector<photograph> find_photographs(const std::string& folder, const class_list* list,
                                                std::size_t class_count) {
  const auto is_folder = [](const std::filesystem::directory_entry& e) { return e.is_directory(); };
  const auto is_photograph = [](const std::filesystem::directory_entry& e) {
    return e.is_regular_file() && is_image(e.path());
  };
  const std::vector<std::filesystem::path> folders = entries_of(folder, is_folder);
  const std::string named = flexdnn::quoted(folder, flexdnn::keep::back).text();
  if (folders.empty()) throw std::runtime_error(named + " has no folders: one a class is wanted");
  if (list == nullptr && folders.size() != class_count) {
    throw std::runtime_error(named + " has " + std::to_string(folders.size()) + " folders, the model has " +
                             std::to_string(class_count) + " classes: --classes says which is which");
  }
  std::vector<photograph> all;
  for (std::size_t i = 0; i < folders.size(); ++i) {
    const int label = list != nullptr ? list->index_of(folders[i].filename().string()) : static_cast<int>(i);
    for (const std::filesystem::path& file : entries_of(folders[i], is_photograph)) {
      all.push_back({file.string(), label});
    }
  }
  if (all.empty())
    throw std::runtime_error(named + " has no images: .jpg, .jpeg, .png, .bmp or .ppm are wanted");
  return all;
}

/// Reads an image, cuts the largest square out of its middle, brings it to the model's extent by a triangle
/// filter (bilinear; it averages where it shrinks) and normalises it as the model wants.
inline void load_photograph(const std::string& path, const data_set& data, float* out) {
  std::vector<std::uint8_t> file;
  require(flexdnn::read_file(path, file, std::uint64_t{1} << 28));
  const int channels = data.frame.channels;
  int width = 0, height = 0, own_channels = 0;
  const std::unique_ptr<stbi_uc, void (*)(void*)> pixels(
      stbi_load_from_memory(file.data(), static_cast<int>(file.size()), &width, &height, &own_channels,
                            channels),
      stbi_image_free);
  if (pixels == nullptr) {
    throw std::runtime_error(std::string(flexdnn::quoted(path, flexdnn::keep::back).text()) +
                             ": is no image that can be read (" + stbi_failure_reason() + ")");
  }
  const int side = std::min(width, height);
  const std::ptrdiff_t first = (std::ptrdiff_t{height - side} / 2 * width + (width - side) / 2) * channels;
  std::vector<std::uint8_t> resized(data.frame.size());
  if (stbir_resize_uint8_generic(pixels.get() + first, side, side, width * channels, resized.data(),
                                 data.frame.width, data.frame.height, 0, channels, STBIR_ALPHA_CHANNEL_NONE,
                                 0, STBIR_EDGE_CLAMP, STBIR_FILTER_TRIANGLE, STBIR_COLORSPACE_LINEAR,
                                 nullptr) == 0) {
    throw std::runtime_error(std::string(flexdnn::quoted(path, flexdnn::keep::back).text()) +
                             ": no memory to resize it");
  }
  flexdnn::normalize_interleaved(data.frame, resized.data(), data.mean, data.deviation, out, data.unit,
                                 data.order);
}

}  // namespace examples
