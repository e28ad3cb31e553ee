// SPDX-License-Identifier: MIT
// records: labelled images in the binary layout of CIFAR-10: a label byte, then planes of bytes.
#pragma once

#include <cinttypes>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "../core/shape.hpp"
#include "../core/status.hpp"
#include "bytes.hpp"
#include "file.hpp"
#include "quoted.hpp"

namespace flexdnn {

/// Images of one extent, each 1 + C H W bytes: label, then channel by channel, row by row (planar, as in
/// the files; a network's frame is channels last).
struct records {
  shape extent;
  std::vector<std::uint8_t> bytes;

  [[nodiscard]] std::size_t record_size() const { return 1 + extent.size(); }
  [[nodiscard]] std::size_t size() const { return bytes.size() / record_size(); }
  /// As it stands in the file: nothing promises that it is below the number of classes.
  [[nodiscard]] std::uint8_t label(std::size_t i) const { return bytes[i * record_size()]; }
  /// The C H W bytes of record i.
  [[nodiscard]] std::span<const std::uint8_t> pixels(std::size_t i) const {
    return std::span(bytes).subspan(i * record_size() + 1, extent.size());
  }
};

/// Reads a file of records. On an error out stays as it was.
/// Errors: bad_option (an extent below 1), those of read_file, wrong_size (not whole records).
inline status load_records(const std::string& path, shape extent, records& out) {
  std::uint64_t pixels = 1;
  for (const int size : {extent.channels, extent.height, extent.width}) {
    if (size < 1 || !multiply_checked(pixels, static_cast<std::uint64_t>(size)) || pixels >= file_limit) {
      return status::error(code::bad_option,
                           "records of %d channels, %d x %d pixels: wanted extents from 1 whose "
                           "product stays below 2^30",
                           extent.channels, extent.height, extent.width);
    }
  }
  std::vector<std::uint8_t> bytes;
  if (const status s = read_file(path, bytes); !s) return s;
  const std::size_t record = 1 + extent.size();
  if (bytes.size() % record != 0) {
    return status::error(code::wrong_size,
                         "%s: the file has %zu bytes, records of 1 + %d x %d x %d = %zu bytes are "
                         "wanted, %zu bytes are left over",
                         quoted(path, keep::back).text(), bytes.size(), extent.channels, extent.height,
                         extent.width, record, bytes.size() % record);
  }
  out = {extent, std::move(bytes)};
  return {};
}

}  // namespace flexdnn
