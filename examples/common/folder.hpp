// SPDX-License-Identifier: MIT
// folder: what a folder holds, sorted.
#pragma once

#include <algorithm>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include "where.hpp"

namespace examples {

/// Sorted entries of a folder that are wanted.
template <class Wanted>
[[nodiscard]] std::vector<std::filesystem::path> entries_of(const std::filesystem::path& folder,
                                                            Wanted wanted) {
  std::error_code trouble;
  std::vector<std::filesystem::path> found;
  for (auto at = std::filesystem::directory_iterator(folder, trouble); !trouble && at != end(at);
       at.increment(trouble)) {
    if (wanted(*at)) found.push_back(at->path());
  }
  if (trouble) fail(folder, trouble.message());
  std::ranges::sort(found);
  return found;
}

[[nodiscard]] inline bool is_image(const std::filesystem::directory_entry& entry) {
  std::string ending = entry.path().extension().string();
  std::ranges::transform(ending, ending.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
  constexpr const char* known[] = {".jpg", ".jpeg", ".png", ".bmp", ".ppm", ".pgm"};
  return entry.is_regular_file() && std::ranges::find(known, ending) != std::end(known);
}
[[nodiscard]] inline bool is_folder(const std::filesystem::directory_entry& entry) {
  return entry.is_directory();
}
}  // namespace examples
