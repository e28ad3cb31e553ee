// SPDX-License-Identifier: MIT
#include "stream_labels.hpp"

#include "table.hpp"

namespace examples {

stream_labels::stream_labels(const std::string& path, const model& m)
    : table_(path), classes_(m.data.class_count) {
  if (path.empty()) return;
  table rows(path, ',');
  const char* const column = rows.has("label") ? "label" : "class";
  if (!rows.has(column))
    fail(path, "line 1 has no column label or class, wanted one of them, a row each frame");
  while (rows.next()) {
    const int label = rows.number(column);
    if (label < -1 || label >= static_cast<int>(classes_)) {
      fail(path, "line " + std::to_string(labels_.size() + 2) + ": " + column + " is " +
                     std::to_string(label) + ", wanted a class from 0 to " + std::to_string(classes_ - 1) +
                     ", or -1 where it is not known");
    }
    labels_.push_back(static_cast<std::int16_t>(label));
  }
}

std::int16_t stream_labels::of(std::uint64_t number, std::span<const std::byte> frame,
                               const any_source& source) const noexcept {
  if (!table_.empty())
    return number < labels_.size() ? labels_[static_cast<std::size_t>(number)] : std::int16_t{-1};
  const int label = source.label(frame);
  return static_cast<std::size_t>(label) < classes_ ? static_cast<std::int16_t>(label) : std::int16_t{-1};
}

void stream_labels::check_length(std::uint64_t frames, bool at_least) const {
  if (table_.empty() || frames == labels_.size() || (at_least && frames < labels_.size())) return;
  fail(table_, "has " + std::to_string(labels_.size()) + " rows, wanted one each frame, " +
                   (at_least ? "at least " : "") + std::to_string(frames));
}

}  // namespace examples
