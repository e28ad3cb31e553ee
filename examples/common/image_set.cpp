// SPDX-License-Identifier: MIT
// How each layout is told and read: a layout is one function.
#include "image_set.hpp"

#include <zlib.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <span>

#include "failure.hpp"
#include "folder.hpp"
#include "image_reader.hpp"
#include "table.hpp"

namespace examples {

namespace {

namespace fs = std::filesystem;
using flexdnn::shape;

[[nodiscard]] bool is_sign_table(const fs::directory_entry& entry) {
  return entry.path().filename().string().starts_with("GT-") && entry.path().extension() == ".csv";
}

[[nodiscard]] image_set read_records(const fs::path& path, shape extent, std::size_t classes) {
  image_set set;
  set.layout = "records";
  require(flexdnn::load_records(path.string(), extent, set.images));
  for (std::size_t i = 0; i < set.images.size(); ++i) {
    if (set.images.label(i) >= classes) {
      fail(path, "image " + std::to_string(i) + " has label " + std::to_string(set.images.label(i)) +
                     ", the network has classes 0 to " + std::to_string(classes - 1));
    }
    set.clips.push_back(static_cast<int>(i));
  }
  const fs::path beside = fs::path(path).replace_extension(".csv");
  std::error_code ignored;
  if (!fs::is_regular_file(beside, ignored)) return set;
  table rows(beside, ',');
  const char* const column = rows.has("track") ? "track" : rows.has("sequence") ? "sequence" : nullptr;
  if (column == nullptr) return set;
  std::map<std::pair<int, std::string>, int> known;
  std::size_t row = 0;
  for (; rows.next(); ++row) {
    // Tracks are numbered within a class, sequences are not.
    const int within = rows.has("track") ? rows.number("class") : 0;
    const int clip =
        known.try_emplace({within, rows.text(column)}, static_cast<int>(known.size())).first->second;
    if (row >= set.clips.size()) continue;
    set.clips[row] = clip;
    if (rows.has("frame")) set.frames.push_back(rows.number("frame"));
  }
  if (row != set.clips.size()) {
    fail(beside, "has " + std::to_string(row) + " rows, the records beside it are " +
                     std::to_string(set.clips.size()));
  }
  return set;
}

/// The bytes of a file, unzipped where it is gzipped.
[[nodiscard]] std::vector<std::uint8_t> read_unzipped(const fs::path& path) {
  const std::unique_ptr<gzFile_s, int (*)(gzFile)> file(gzopen(path.c_str(), "rb"), gzclose);
  if (file == nullptr) fail(path, "cannot be read");
  std::vector<std::uint8_t> bytes;
  constexpr std::size_t piece = 1 << 20, most = std::size_t{1} << 31;
  int got = 0;
  do {
    bytes.resize(bytes.size() + piece);
    got = gzread(file.get(), bytes.data() + bytes.size() - piece, piece);
    if (got < 0) fail(path, "is damaged, or cut short");
    bytes.resize(bytes.size() - piece + static_cast<std::size_t>(got));
    if (bytes.size() > most) fail(path, "has more than 2 GB");
  } while (got > 0);
  int trouble = Z_OK;
  gzerror(file.get(), &trouble);
  if (trouble != Z_OK) fail(path, "is damaged, or cut short");
  return bytes;
}

/// Extents of an idx file of bytes: two zeros, 8 for bytes, how many extents, and each as 4 bytes, the
/// largest first.
[[nodiscard]] std::vector<std::size_t> idx_extents(const fs::path& path, std::span<const std::uint8_t> bytes,
                                                   std::size_t wanted) {
  if (bytes.size() < 4 + 4 * wanted || bytes[0] != 0 || bytes[1] != 0 || bytes[2] != 8 ||
      bytes[3] != wanted) {
    fail(path, "is no idx file of bytes with " + std::to_string(wanted) + " extents");
  }
  std::vector<std::size_t> extents;
  std::size_t product = 1;
  for (std::size_t i = 0; i < wanted; ++i) {
    std::size_t extent = 0;
    for (std::size_t b = 0; b < 4; ++b) extent = extent << 8 | bytes[4 + 4 * i + b];
    extents.push_back(extent);
    product = extent == 0 || product > bytes.size() / extent + 1 ? bytes.size() : product * extent;
  }
  if (product != bytes.size() - 4 - 4 * wanted) {
    fail(path, "has " + std::to_string(bytes.size()) + " bytes, its extents want another number");
  }
  return extents;
}

[[nodiscard]] image_set read_idx(const fs::path& path, shape extent, std::size_t classes) {
  std::string other = path.filename().string();
  const auto at = other.find("images-idx3");
  if (at == std::string::npos)
    fail(path, "is an idx file whose name has no images-idx3, so that its labels are unknown");
  other.replace(at, 11, "labels-idx1");
  const fs::path labels_path = path.parent_path() / other;
  const std::vector<std::uint8_t> images = read_unzipped(path), labels = read_unzipped(labels_path);
  const auto extents = idx_extents(path, images, 3);
  const std::size_t count = idx_extents(labels_path, labels, 1)[0];
  if (count != extents[0]) {
    fail(labels_path,
         "has " + std::to_string(count) + " labels, the images are " + std::to_string(extents[0]));
  }
  const auto height = static_cast<int>(extents[1]), width = static_cast<int>(extents[2]);
  const auto channels = static_cast<std::size_t>(extent.channels);
  image_reader all(extent, classes);
  std::vector<std::uint8_t> one(extents[1] * extents[2] * channels);
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint8_t* const grey = images.data() + 16 + i * extents[1] * extents[2];
    for (std::size_t k = 0; k < one.size(); ++k) one[k] = grey[k / channels];
    all.add(path, labels[8 + i], all.next_clip(), one.data(), std::ptrdiff_t{width} * extent.channels,
            {0, 0, width, height});
  }
  return all.done(path, "idx");
}

[[nodiscard]] image_set read_signs(const fs::path& folder, const std::vector<fs::path>& tables, shape extent,
                                   std::size_t classes) {
  image_reader all(extent, classes);
  std::map<std::string, int> tracks;
  for (const fs::path& path : tables) {
    for (table rows(path, ';'); rows.next();) {
      const std::string& name = rows.text("Filename");
      const fs::path file = path.parent_path() / name;
      const area sign{rows.number("Roi.X1"), rows.number("Roi.Y1"),
                      rows.number("Roi.X2") - rows.number("Roi.X1") + 1,
                      rows.number("Roi.Y2") - rows.number("Roi.Y1") + 1};
      // TRACK_FRAME.ppm of a class; the published test images have no tracks.
      const std::string track =
          path.parent_path().string() + "/" + name.substr(0, std::min(name.find('_'), name.size()));
      const int clip = tracks.try_emplace(track, static_cast<int>(tracks.size())).first->second;
      all.add(file, rows.number("ClassId"), clip, &sign);
    }
  }
  return all.done(folder, "GTSRB");
}

[[nodiscard]] image_set read_class_folders(const fs::path& folder, const std::vector<fs::path>& folders,
                                           shape extent, std::size_t classes) {
  if (folders.size() != classes) {
    fail(folder, "has " + std::to_string(folders.size()) + " folders, the network has " +
                     std::to_string(classes) + " classes: one each is wanted");
  }
  image_reader all(extent, classes);
  for (std::size_t label = 0; label < folders.size(); ++label) {
    for (const fs::path& file : entries_of(folders[label], is_image)) {
      all.add(file, static_cast<int>(label), all.next_clip(), nullptr);
    }
  }
  return all.done(folder, "folders");
}

[[nodiscard]] bool is_idx(const fs::path& path) {
  const std::unique_ptr<gzFile_s, int (*)(gzFile)> file(gzopen(path.c_str(), "rb"), gzclose);
  std::uint8_t magic[4] = {};
  return file != nullptr && gzread(file.get(), magic, 4) == 4 && magic[0] == 0 && magic[1] == 0 &&
         magic[2] == 8 && magic[3] == 3 && path.filename().string().find("idx") != std::string::npos;
}

[[nodiscard]] image_set load_any(const std::string& path, shape extent, std::size_t classes) {
  std::error_code ignored;
  if (!fs::is_directory(path, ignored)) {
    return is_idx(path) ? read_idx(path, extent, classes) : read_records(path, extent, classes);
  }
  const auto folders = entries_of(path, is_folder);
  auto tables = entries_of(path, is_sign_table);
  for (const fs::path& folder : folders) {
    for (fs::path& more : entries_of(folder, is_sign_table)) tables.push_back(std::move(more));
  }
  if (!tables.empty()) return read_signs(path, tables, extent, classes);
  if (folders.empty()) fail(path, "has no folders: one a class is wanted, or tables GT-*.csv");
  return read_class_folders(path, folders, extent, classes);
}

}  // namespace

image_set load_images(const std::string& path, shape extent, std::size_t classes) {
  image_set set = load_any(path, extent, classes);
  std::map<int, int> next;
  for (std::size_t i = set.frames.size(); i < set.size(); ++i) set.frames.push_back(next[set.clips[i]]++);
  return set;
}

image_set load_images(const std::vector<std::string>& paths, shape extent, std::size_t classes) {
  image_set all;
  all.images.extent = extent;
  for (const std::string& path : paths) {
    const image_set some = load_images(path, extent, classes);
    const int first = all.clips.empty() ? 0 : 1 + *std::ranges::max_element(all.clips);
    all.images.bytes.insert(all.images.bytes.end(), some.images.bytes.begin(), some.images.bytes.end());
    for (const int clip : some.clips) all.clips.push_back(first + clip);
    all.frames.insert(all.frames.end(), some.frames.begin(), some.frames.end());
    all.layout += (all.layout.empty() ? "" : ", ") + some.layout;
  }
  return all;
}

}  // namespace examples
