// SPDX-License-Identifier: MIT
// Laws of io/records: label and planes come back record by record; other sizes are told.
#include <doctest/doctest.h>

#include <flexdnn/io/records.hpp>
#include <limits>
#include <string>

#include "support.hpp"

using namespace flexdnn;
using namespace io_test;

TEST_CASE("io/records: labels and pixels are where the format says") {
  const temporary_directory directory;
  const std::string path = directory.file("batch.bin");
  const shape extent{3, 2, 4};
  std::string content;
  for (int i = 0; i < 5; ++i) {
    content += static_cast<char>(250 + i);
    for (int k = 0; k < 24; ++k) content += static_cast<char>(24 * i + k);
  }
  spill(path, content);
  records images;
  REQUIRE(load_records(path, extent, images));
  CHECK(images.extent == extent);
  REQUIRE(images.size() == 5);
  for (std::size_t i = 0; i < 5; ++i) {
    CHECK(images.label(i) == 250 + i);
    REQUIRE(images.pixels(i).size() == 24);
    for (std::size_t k = 0; k < 24; ++k) CHECK(images.pixels(i)[k] == 24 * i + k);
  }
}

TEST_CASE("io/records: bad files and extents are told, and what was loaded stays") {
  const temporary_directory directory;
  spill(directory.file("good"), std::string(14, 'x'));
  spill(directory.file("odd"), std::string(20, 'x'));
  spill(directory.file("short"), std::string(3, 'x'));
  spill(directory.file("empty"), "");
  records images;
  REQUIRE(load_records(directory.file("good"), {1, 2, 3}, images));
  records kept = images;
  const shape extent{1, 2, 3};
  check_error(load_records(directory.file("odd"), extent, kept), code::wrong_size,
              "odd'|has 20 bytes|1 + 1 x 2 x 3 = 7 bytes|6 bytes are left over");
  check_error(load_records(directory.file("short"), extent, kept), code::wrong_size, "3 bytes are left over");
  check_error(load_records(directory.file("empty"), extent, kept), code::truncated, "the file is empty");
  check_error(load_records(directory.file(""), extent, kept), code::cannot_open, "is a directory");
  check_error(load_records(directory.file("none"), extent, kept), code::cannot_open, "none'|No such file");
  constexpr int most = std::numeric_limits<int>::max();
  for (const shape bad :
       {shape{0, 1, 1}, shape{1, -1, 1}, shape{most, most, most}, shape{1 << 15, 1 << 15, 1}}) {
    check_error(load_records(directory.file("good"), bad, kept), code::bad_option, "wanted extents from 1");
  }
  CHECK(kept.extent == images.extent);
  CHECK(kept.bytes == images.bytes);
}
