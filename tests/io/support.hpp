// SPDX-License-Identifier: MIT
// support: what the tests of io share: a directory that cleans up, files made of text, safetensors made by
// hand.
#pragma once

#include <doctest/doctest.h>
#include <stdlib.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <flexdnn/core/status.hpp>
#include <flexdnn/io/bytes.hpp>
#include <fstream>
#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace io_test {

/// A fresh directory, removed at the end.
class temporary_directory {
 public:
  temporary_directory() {
    std::string pattern = (std::filesystem::temp_directory_path() / "flexdnn_io_XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
  }
  temporary_directory(const temporary_directory&) = delete;
  temporary_directory& operator=(const temporary_directory&) = delete;
  ~temporary_directory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  [[nodiscard]] std::string file(std::string_view name) const { return (path_ / name).string(); }
  [[nodiscard]] std::size_t entries() const {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(path_), {}));
  }

 private:
  std::filesystem::path path_;
};

inline void spill(const std::string& path, std::string_view content) {
  std::ofstream(path, std::ios::binary) << content;
}

inline std::string slurp(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Length, header, data: a safetensors file that may be wrong in any way.
inline std::vector<std::byte> file_of(std::string_view header, std::string_view data) {
  std::vector<std::byte> bytes(8);
  flexdnn::store_u64(bytes, header.size());
  for (const std::string_view part : {header, data}) {
    std::ranges::copy(std::as_bytes(std::span(part)), std::back_inserter(bytes));
  }
  return bytes;
}

/// The code and each fragment of the sentence, separated by '|'.
inline void check_error(const flexdnn::status& got, flexdnn::code code, std::string_view fragments) {
  const std::string message = got.message();
  INFO("message: ", message);
  CHECK(static_cast<int>(got.code()) == static_cast<int>(code));
  while (!fragments.empty()) {
    const std::size_t end = std::min(fragments.find('|'), fragments.size());
    const std::string fragment(fragments.substr(0, end));
    INFO("wanted fragment: ", fragment);
    CHECK(message.find(fragment) != std::string::npos);
    fragments.remove_prefix(std::min(end + 1, fragments.size()));
  }
}

}  // namespace io_test
