// SPDX-License-Identifier: MIT
// photographs: labelled image files in a folder a class, and their pixels at a network's extent.
#pragma once

#include <filesystem>
#include <flexdnn/kernels/convert.hpp>
#include <string>
#include <vector>

#include "class_list.hpp"
#include "folder.hpp"
#include "model.hpp"
#include "picture.hpp"

namespace examples {

struct photograph {
  std::string path;
  int label = 0;
};

/// The images of folder/CLASS/*, sorted. Classes: as the list says; without one the sorted folders are
/// classes 0, 1, ..., and there must be as many as the model has.
inline std::vector<photograph> find_photographs(const std::string& folder, const class_list* list,
                                                std::size_t class_count) {
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
    for (const std::filesystem::path& file : entries_of(folders[i], is_image)) {
      all.push_back({file.string(), label});
    }
  }
  if (all.empty())
    throw std::runtime_error(named + " has no images: .jpg, .jpeg, .png, .bmp, .ppm or .pgm are wanted");
  return all;
}

/// Reads an image, cuts the largest square out of its middle, brings it to the model's extent by a triangle
/// filter (bilinear; it averages where it shrinks) and normalises it as the model wants.
inline void load_photograph(const std::string& path, const data_set& data, float* out) {
  const picture whole = read_picture(path, data.frame.channels);
  const std::vector<std::uint8_t> resized = resize(
      path, whole.pixels.get(), std::ptrdiff_t{whole.width} * whole.channels, middle_of(whole), data.frame);
  flexdnn::normalize_interleaved(data.frame, resized.data(), data.mean, data.deviation, out, data.unit,
                                 data.order);
}

}  // namespace examples
