// SPDX-License-Identifier: MIT
// Laws of progress_bar: what a line says, and silence where the output is no terminal.
#include <doctest/doctest.h>

#include <cstdio>
#include <flexdnn/train/progress_bar.hpp>
#include <string>

using namespace flexdnn;

namespace {

std::string output_of(progress_style style) {
  std::FILE* const file = std::tmpfile();
  REQUIRE(file != nullptr);
  {
    progress_bar bar("train", 3, style, file);
    for (int i = 0; i < 3; ++i) bar.advance();
  }
  std::rewind(file);
  std::string text;
  for (int c = std::fgetc(file); c != EOF; c = std::fgetc(file)) text.push_back(static_cast<char>(c));
  std::fclose(file);
  return text;
}

}  // namespace

TEST_CASE("a line names the share, the rate and the time left") {
  CHECK(progress_text("train", 500, 1000, 4.0) ==
        "train  [############            ]   50 %  500/1000  125.0/s  0:04 left");
  CHECK(progress_text("train", 0, 1000, 4.0) ==
        "train  [                        ]    0 %  0/1000  0.0/s  -:-- left");
  CHECK(progress_text("train", 1000, 1000, 100.0) ==
        "train  [########################]  100 %  1000/1000  10.0/s  0:00 left");
  CHECK(progress_text("train", 10, 7210, 1.0).find("12:00 left") != std::string::npos);
  CHECK(progress_text("none", 0, 0, 0.0).find("100 %") != std::string::npos);
  CHECK(progress_text("more", 20, 10, 1.0).find("100 %") != std::string::npos);
}

TEST_CASE("a file gets nothing unless lines are asked for, and then always the last state") {
  CHECK(output_of(progress_style::automatic).empty());
  CHECK(output_of(progress_style::silent).empty());
  const std::string lines = output_of(progress_style::lines);
  CHECK(lines.find("100 %  3/3") != std::string::npos);
  CHECK(lines.back() == '\n');
  CHECK(lines.find('\r') == std::string::npos);
  CHECK(output_of(progress_style::bar).find('\r') != std::string::npos);
}
