// SPDX-License-Identifier: MIT
// Laws of io/file: whole files come back, failures say the path and leave everything as it was.
#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <flexdnn/io/file.hpp>
#include <string>
#include <vector>

#include "support.hpp"

using namespace flexdnn;
using namespace io_test;

namespace {
status write_text(const std::string& path, std::string_view text) {
  const std::span<const std::byte> parts[] = {std::as_bytes(std::span(text)).first(1),
                                              std::as_bytes(std::span(text)).subspan(1)};
  return write_file(path, parts);
}
}  // namespace

TEST_CASE("io/file: what is written is read") {
  const temporary_directory directory;
  const std::string path = directory.file("a.bin");
  std::string content(100'003, ' ');
  for (std::size_t i = 0; i < content.size(); ++i) content[i] = static_cast<char>(i * i % 251);
  CHECK(write_text(path, content));
  std::vector<std::uint8_t> bytes;
  CHECK(read_file(path, bytes));
  CHECK(std::string(bytes.begin(), bytes.end()) == content);
  CHECK(write_text(path, "shorter"));
  CHECK(slurp(path) == "shorter");
  CHECK(directory.entries() == 1);
}

TEST_CASE("io/file: reading tells what is wrong and leaves the target alone") {
  const temporary_directory directory;
  spill(directory.file("empty"), "");
  spill(directory.file("eleven"), "eleven byte");
  REQUIRE(::mkfifo(directory.file("pipe").c_str(), 0600) == 0);
  std::vector<std::byte> bytes(3, std::byte{7});
  const std::vector<std::byte> before = bytes;
  check_error(read_file(directory.file("missing"), bytes), code::cannot_open, "missing'|No such file");
  check_error(read_file(directory.file(""), bytes), code::cannot_open, "is a directory, a file is wanted");
  check_error(read_file(directory.file("empty"), bytes), code::truncated, "empty': the file is empty");
  check_error(read_file(directory.file("pipe"), bytes), code::cannot_open, "pipe'|a regular file is wanted");
  check_error(read_file(directory.file("eleven"), bytes, 10), code::wrong_size,
              "eleven'|11 bytes, at most 10");
  check_error(read_file(directory.file("eleven/x"), bytes), code::cannot_open, "Not a directory");
  check_error(read_file("", bytes), code::cannot_open, "'': No such file");
  CHECK(bytes == before);
  CHECK(read_file(directory.file("eleven"), bytes, 11));
  CHECK(bytes.size() == 11);
}

TEST_CASE("io/file: a file without permission") {
  const temporary_directory directory;
  const std::string path = directory.file("secret");
  spill(path, "x");
  REQUIRE(::chmod(path.c_str(), 0) == 0);
  std::vector<std::byte> bytes;
  const status got = read_file(path, bytes);
  if (::geteuid() == 0) {
    CHECK(got);  // root reads everything
  } else {
    check_error(got, code::cannot_open, "secret': Permission denied");
  }
}

TEST_CASE("io/file: a long path keeps its end and leaves room for the sentence") {
  std::vector<std::byte> bytes;
  const std::string path = std::string(400, 'd') + "/weights.safetensors";
  check_error(read_file(path, bytes), code::cannot_open, "'...ddd|/weights.safetensors': ");
}

TEST_CASE("io/file: a write that fails leaves the old file and no debris") {
  const temporary_directory directory;
  const std::string path = directory.file("kept");
  spill(path, "old content");
  SUBCASE("full disk") {
    if (!std::filesystem::exists("/dev/full")) return;
    std::filesystem::create_symlink("/dev/full", path + ".part");
    check_error(write_text(path, "new content"), code::cannot_write, "kept': No space left on device");
  }
  SUBCASE("the part cannot be created") {
    std::filesystem::create_directory(path + ".part");
    check_error(write_text(path, "new content"), code::cannot_write, "kept.part'");
    std::filesystem::remove(path + ".part");
  }
  CHECK(slurp(path) == "old content");
  CHECK(directory.entries() == 1);
}

TEST_CASE("io/file: targets that are no files are left alone") {
  const temporary_directory directory;
  check_error(write_text(directory.file("nowhere/x"), "text"), code::cannot_write,
              "nowhere/x.part': No such file");
  check_error(write_text(directory.file(""), "text"), code::cannot_write, "is not a regular file");
  CHECK(directory.entries() == 0);
  if (!std::filesystem::exists("/dev/full")) return;
  check_error(write_text("/dev/full", "text"), code::cannot_write, "'/dev/full': is not a regular file");
  CHECK(std::filesystem::is_character_file("/dev/full"));
}
