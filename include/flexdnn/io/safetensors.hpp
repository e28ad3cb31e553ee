// SPDX-License-Identifier: MIT
// safetensors: checked views of the tensors in a safetensors file, without copying and without trust.
#pragma once

#include <algorithm>
#include <cinttypes>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../core/status.hpp"
#include "bytes.hpp"
#include "safetensors_header.hpp"
#include "tensor_entry.hpp"

namespace flexdnn {

/// File = header length (8 bytes, little-endian), header (JSON object, then white space), data.
/// The tensors' spans point into the bytes that were parsed, which the caller keeps alive.
class safetensors_view {
 public:
  /// Takes any bytes from anywhere; on an error out stays as it was. Cost: O(header), data is not read.
  /// Errors: truncated, malformed, wrong_size, wrong_type; the sentence names the tensor.
  static status parse(std::span<const std::byte> bytes, safetensors_view& out) {
    if (bytes.size() < 8) {
      return status::error(code::truncated, "safetensors: got %zu bytes, at least 8 are wanted",
                           bytes.size());
    }
    const std::uint64_t length = load_u64(bytes);
    if (length > safetensors_header::max_bytes) {
      return status::error(code::malformed,
                           "safetensors: a header of %" PRIu64
                           " bytes, at most %zu are allowed: "
                           "this is no safetensors file",
                           length, safetensors_header::max_bytes);
    }
    if (length > bytes.size() - 8) {
      return status::error(code::truncated,
                           "safetensors: a header of %" PRIu64 " bytes, %zu are left in the file", length,
                           bytes.size() - 8);
    }
    const auto header_bytes = bytes.subspan(8, static_cast<std::size_t>(length));
    const std::string_view text(reinterpret_cast<const char*>(header_bytes.data()), header_bytes.size());
    if (!text.starts_with('{')) {
      return status::error(code::malformed,
                           "safetensors: the header does not begin with '{': "
                           "this is no safetensors file");
    }
    const auto data = bytes.subspan(8 + header_bytes.size());
    safetensors_header header;
    if (const status s = safetensors_header::parse(text, data.size(), header); !s) return s;
    out = safetensors_view(std::move(header), data);
    return {};
  }

  /// In the order of their data in the file.
  [[nodiscard]] std::span<const tensor_entry> tensors() const { return tensors_; }
  [[nodiscard]] std::span<const metadata_entry> metadata() const { return metadata_; }

  /// The tensor of that name, nullptr when there is none. Cost: log2 of their number.
  [[nodiscard]] const tensor_entry* find(std::string_view name) const {
    const auto name_at = [this](std::size_t i) { return std::string_view(tensors_[i].name); };
    const auto at = std::ranges::lower_bound(by_name_, name, {}, name_at);
    return at != by_name_.end() && name_at(*at) == name ? &tensors_[*at] : nullptr;
  }

  /// The value of a metadata key, nullptr when there is none.
  [[nodiscard]] const std::string* find_metadata(std::string_view key) const {
    const auto at = std::ranges::find(metadata_, key, &metadata_entry::key);
    return at != metadata_.end() ? &at->value : nullptr;
  }

  safetensors_view() = default;

 private:
  safetensors_view(safetensors_header header, std::span<const std::byte> data)
      : metadata_(std::move(header.metadata)) {
    for (safetensors_header::entry& e : header.entries) {
      const auto bytes =
          data.subspan(static_cast<std::size_t>(e.begin), static_cast<std::size_t>(e.end - e.begin));
      by_name_.push_back(tensors_.size());
      tensors_.push_back({std::move(e.name), e.type, std::move(e.shape), bytes});
    }
    std::ranges::sort(by_name_, {}, [this](std::size_t i) { return std::string_view(tensors_[i].name); });
  }

  std::vector<tensor_entry> tensors_;
  std::vector<std::size_t> by_name_;
  std::vector<metadata_entry> metadata_;
};

}  // namespace flexdnn
