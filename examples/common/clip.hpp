// SPDX-License-Identifier: MIT
// clip: labelled frames from a directory, with the video sequences that they belong to.
#pragma once

#include <algorithm>
#include <filesystem>
#include <flexdnn/io/records.hpp>
#include <string>
#include <vector>

#include "failure.hpp"
#include "table.hpp"

namespace examples {

struct clip {
  flexdnn::records frames;
  std::vector<std::string> sequence;  ///< of each frame; empty: the frames are no video
  std::string source;
};

namespace detail {

/// CIFAR-10's test records where the directory has them (networks have seen the training records), then all
/// of the training records, then any other records, in the order of their names.
inline std::vector<std::filesystem::path> record_files(const std::string& directory) {
  namespace fs = std::filesystem;
  std::error_code trouble;
  std::vector<fs::path> all, batches;
  for (const auto& item : fs::directory_iterator(directory, trouble)) {
    if (item.path().extension() == ".bin") all.push_back(item.path());
  }
  const std::string name = flexdnn::quoted(directory, flexdnn::keep::back).text();
  if (trouble) throw std::runtime_error(name + " cannot be listed: " + trouble.message());
  if (all.empty()) throw std::runtime_error(name + " holds no records (*.bin)");
  std::ranges::sort(all);
  for (const char* tests : {"test_batch.bin", "test_dev_5k.bin"}) {
    const fs::path file = fs::path(directory) / tests;
    if (std::ranges::find(all, file) != all.end()) return {file};
  }
  std::ranges::copy_if(all, std::back_inserter(batches),
                       [](const fs::path& p) { return p.filename().string().starts_with("data_batch"); });
  return batches.empty() ? all : batches;
}

/// The column "sequence" of the table beside the records; empty where there is none.
inline std::vector<std::string> sequences_of(std::filesystem::path records, std::size_t frames) {
  records.replace_extension(".csv");
  std::error_code ignored;
  std::vector<std::string> sequences;
  if (!std::filesystem::is_regular_file(records, ignored)) return sequences;
  table rows(records, ',');
  if (!rows.has("sequence")) return sequences;
  while (rows.next()) sequences.push_back(rows.text("sequence"));
  if (sequences.size() == frames) return sequences;
  throw std::runtime_error(std::string(flexdnn::quoted(records.string(), flexdnn::keep::back).text()) +
                           " has " + std::to_string(sequences.size()) + " rows, the records are " +
                           std::to_string(frames));
}

}  // namespace detail

/// Reads the records of a directory; several files one after the other.
inline clip load_clip(const std::string& directory, flexdnn::shape extent) {
  clip all{{extent, {}}, {}, {}};
  const auto files = detail::record_files(directory);
  for (const std::filesystem::path& file : files) {
    flexdnn::records some;
    require(flexdnn::load_records(file.string(), extent, some));
    if (files.size() == 1) all.sequence = detail::sequences_of(file, some.size());
    all.frames.bytes.insert(all.frames.bytes.end(), some.bytes.begin(), some.bytes.end());
    all.source += (all.source.empty() ? "" : ", ") + file.filename().string();
  }
  return all;
}

}  // namespace examples
