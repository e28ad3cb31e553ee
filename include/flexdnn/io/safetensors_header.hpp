// SPDX-License-Identifier: MIT
// safetensors_header: the JSON header of a safetensors file, parsed and checked without trust.
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
#include "json_reader.hpp"
#include "quoted.hpp"
#include "tensor_entry.hpp"

namespace flexdnn {

/// The header's tensors and metadata. parse() leaves nothing for its callers to doubt: every entry has
/// a known type, end - begin = product(shape) * size_of(type), and the entries tile the data part.
class safetensors_header {
 public:
  static constexpr std::size_t max_bytes = 100'000'000;  ///< the format's own bound
  static constexpr std::size_t max_rank = 8;             ///< no layer has more than 4; bounds hostile headers

  struct entry {
    std::string name;
    dtype type = dtype::f32;
    std::vector<std::uint64_t> shape;
    std::uint64_t begin = 0, end = 0;
  };

  /// Entries come out in the order of their data, which they must cover without gap or overlap.
  static status parse(std::string_view text, std::uint64_t data_size, safetensors_header& out) {
    safetensors_header header;
    if (const status s = header.read(text); !s) return s;
    const auto place = [](const entry& e) { return std::pair(e.begin, e.end); };
    std::ranges::stable_sort(header.entries, {}, place);
    if (const status s = header.check_cover(data_size); !s) return s;
    if (const status s = check_unique(header.entries, &entry::name, "tensor"); !s) return s;
    if (const status s = check_unique(header.metadata, &metadata_entry::key, "metadata key"); !s) return s;
    out = std::move(header);
    return {};
  }

  std::vector<entry> entries;
  std::vector<metadata_entry> metadata;

 private:
  template <class... Args>
  static status error(code what, const entry& e, const char* format, Args... args) {
    const status inner = status::error(what, format, args...);
    return status::error(what, "safetensors tensor %s: %.160s", quoted<64>(e.name).text(), inner.message());
  }

  status read(std::string_view text) {
    json_reader in(text, 8);
    std::string name;
    bool has_metadata = false;
    in.open('{');
    while (in.more('}')) {
      in.read(name);
      in.expect(':');
      if (in.failed()) break;
      if (name == "__metadata__") {
        if (std::exchange(has_metadata, true)) {
          return status::error(code::malformed, "safetensors header: __metadata__ occurs twice, wanted once");
        }
        read_metadata(in);
      } else {
        entry& e = entries.emplace_back();
        e.name = name;
        if (const status s = read_entry(in, e); !s) return s;
      }
    }
    in.finish();
    if (!in.failed()) return {};
    return status::error(code::malformed, "safetensors header: %.200s", in.failure().message());
  }

  void read_metadata(json_reader& in) {
    in.open('{');
    while (in.more('}')) {
      metadata_entry& item = metadata.emplace_back();
      in.read(item.key);
      in.expect(':');
      in.read(item.value);
    }
  }

  static status read_entry(json_reader& in, entry& e) {
    static constexpr std::string_view fields[] = {"dtype", "shape", "data_offsets"};
    bool seen[3] = {};
    std::string field, type;
    in.open('{');
    while (in.more('}')) {
      in.read(field);
      in.expect(':');
      if (in.failed()) break;
      const auto which = static_cast<std::size_t>(std::ranges::find(fields, field) - std::begin(fields));
      if (which == 3 || std::exchange(seen[which], true)) {
        return error(code::malformed, e, "got the field %s%s, wanted dtype, shape and data_offsets once each",
                     quoted<32>(field).text(), which == 3 ? "" : " again");
      }
      if (which == 0) in.read(type);
      if (which == 1) {
        in.open('[');
        while (in.more(']')) {
          if (e.shape.size() == max_rank) {
            return error(code::malformed, e, "got more than %zu dimensions, at most that many are taken",
                         max_rank);
          }
          in.read(e.shape.emplace_back());
        }
      }
      if (which == 2) {
        in.open('[');
        in.read(e.begin);
        in.expect(',');
        in.read(e.end);
        in.expect(']');
      }
    }
    if (in.failed()) return error(code::malformed, e, "%s", in.failure().message());
    for (std::size_t i = 0; i < 3; ++i) {
      if (!seen[i]) return error(code::malformed, e, "has no %s", fields[i].data());
    }
    if (!find_dtype(type, e.type)) {
      return error(code::wrong_type, e,
                   "got element type %s, wanted F64, F32, F16, BF16, I64, I32, I16, I8, U8 or BOOL",
                   quoted<32>(type).text());
    }
    return check_size(e);
  }

  static status check_size(const entry& e) {
    std::uint64_t bytes = size_of(e.type);
    for (const std::uint64_t extent : e.shape) {
      if (!multiply_checked(bytes, extent)) {
        return error(code::wrong_size, e, "%s %s has 2^64 bytes or more", name_of(e.type),
                     text_of(e.shape).c_str());
      }
    }
    if (e.begin > e.end) {
      return error(code::malformed, e, "data_offsets [%" PRIu64 ",%" PRIu64 "] end before they begin",
                   e.begin, e.end);
    }
    if (e.end - e.begin != bytes) {
      return error(code::wrong_size, e,
                   "data_offsets [%" PRIu64 ",%" PRIu64 "] hold %" PRIu64 " bytes, %s %s wants %" PRIu64,
                   e.begin, e.end, e.end - e.begin, name_of(e.type), text_of(e.shape).c_str(), bytes);
    }
    return {};
  }

  [[nodiscard]] status check_cover(std::uint64_t data_size) const {
    std::uint64_t covered = 0;
    for (const entry& e : entries) {
      if (e.end > data_size) {
        return error(code::truncated, e, "ends at byte %" PRIu64 " of the data, the file holds %" PRIu64,
                     e.end, data_size);
      }
      if (e.begin != covered) {
        return error(code::malformed, e,
                     "begins at byte %" PRIu64
                     " of the data and %s the tensor before it, which "
                     "ends at %" PRIu64,
                     e.begin, e.begin < covered ? "overlaps" : "leaves a hole after", covered);
      }
      covered = e.end;
    }
    if (covered == data_size) return {};
    return status::error(code::wrong_size,
                         "safetensors: the tensors end at byte %" PRIu64
                         " of the data, the file holds %" PRIu64,
                         covered, data_size);
  }

  template <class Item>
  static status check_unique(const std::vector<Item>& items, std::string Item::*key, const char* kind) {
    std::vector<std::string_view> names;
    for (const Item& item : items) names.push_back(item.*key);
    std::ranges::sort(names);
    const auto twice = std::ranges::adjacent_find(names);
    if (twice == names.end()) return {};
    return status::error(code::malformed, "safetensors header: the %s %s occurs twice, wanted once", kind,
                         quoted(*twice).text());
  }
};

}  // namespace flexdnn
