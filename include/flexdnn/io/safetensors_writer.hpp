// SPDX-License-Identifier: MIT
// safetensors_writer: tensors and metadata into a safetensors file, all or nothing.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "../core/status.hpp"
#include "append_json.hpp"
#include "bytes.hpp"
#include "file.hpp"
#include "safetensors_header.hpp"
#include "tensor_entry.hpp"

namespace flexdnn {

namespace detail {

/// Metadata first, tensors and their data in the given order, spaces up to a multiple of 8 bytes, so
/// that the data begins as aligned as the file is mapped.
inline std::string header_text(std::span<const tensor_entry> tensors,
                               std::span<const metadata_entry> metadata) {
  std::string text = "{";
  if (!metadata.empty()) {
    text += "\"__metadata__\":{";
    for (const metadata_entry& item : metadata) {
      append_json(text, item.key);
      text += ':';
      append_json(text, item.value);
      text += ',';
    }
    text.back() = '}';
    text += ',';
  }
  std::uint64_t offset = 0;
  for (const tensor_entry& tensor : tensors) {
    append_json(text, tensor.name);
    text += std::string(":{\"dtype\":\"") + name_of(tensor.type) + "\",\"shape\":" + text_of(tensor.shape);
    const std::uint64_t end = offset + tensor.data.size();
    text += ",\"data_offsets\":" + text_of(std::array{offset, end}) + "},";
    offset = end;
  }
  if (text.back() == ',') text.pop_back();
  text += '}';
  text.append((8 - text.size() % 8) % 8, ' ');
  return text;
}

}  // namespace detail

/// Writes the tensors in the given order; the same input gives the same bytes. An existing file is
/// replaced only by a complete one (see write_file). Errors: cannot_write, or what the reader itself
/// would say of such a file: malformed (a name twice, not UTF-8, too many dimensions, reserved name),
/// wrong_size (a shape and its bytes disagree).
inline status write_safetensors(const std::string& path, std::span<const tensor_entry> tensors,
                                std::span<const metadata_entry> metadata = {}) {
  const std::string text = detail::header_text(tensors, metadata);
  if (text.size() > safetensors_header::max_bytes) {
    return status::error(code::wrong_size, "safetensors: a header of %zu bytes, at most %zu are allowed",
                         text.size(), safetensors_header::max_bytes);
  }
  std::array<std::byte, 8> length{};
  store_u64(length, text.size());
  std::vector<std::span<const std::byte>> parts{length, std::as_bytes(std::span(text))};
  std::uint64_t data_size = 0;
  for (const tensor_entry& tensor : tensors) {
    parts.push_back(tensor.data);
    data_size += tensor.data.size();
  }
  // The reader judges what is about to be written, so that there is one set of rules.
  safetensors_header header;
  if (const status s = safetensors_header::parse(text, data_size, header); !s) return s;
  return write_file(path, parts);
}

}  // namespace flexdnn
