// SPDX-License-Identifier: MIT
// Laws of checkpoint: what was written comes back; another recipe, other sizes or other files are refused.
#include <doctest/doctest.h>

#include <flexdnn/train/checkpoint.hpp>

#include "io/support.hpp"

using namespace flexdnn;

TEST_CASE("a checkpoint comes back bit for bit, and a damaged one changes nothing") {
  const io_test::temporary_directory directory;
  const std::string file = directory.file("checkpoint");
  const checkpoint written{7, "a recipe", {1.0F, -0.0F, 3e-42F}, {4.0F, 5.0F}};
  REQUIRE(write_checkpoint(file, written));
  CHECK(directory.entries() == 1);
  const checkpoint wanted{0, "a recipe", std::vector<float>(3), std::vector<float>(2)};
  checkpoint read = wanted;
  REQUIRE(read_checkpoint(file, read));
  CHECK(read.epochs == 7);
  CHECK(std::memcmp(read.parameters.data(), written.parameters.data(), 12) == 0);
  CHECK(read.state == written.state);

  checkpoint other = wanted;
  other.recipe = "another";
  const status recipe = read_checkpoint(file, other);
  CHECK(recipe.code() == code::bad_option);
  CHECK(std::string(recipe.message()).find("has 'a recipe' where this one has 'another'") !=
        std::string::npos);
  other = wanted;
  other.state.resize(3);
  CHECK(read_checkpoint(file, other).code() == code::wrong_shape);
  CHECK(other.parameters == wanted.parameters);
  CHECK(read_checkpoint(directory.file("none"), other).code() == code::cannot_open);
  const std::string whole = io_test::slurp(file);
  for (const std::size_t size : {std::size_t{1}, std::size_t{8}, whole.size() / 2, whole.size() - 1}) {
    io_test::spill(file, whole.substr(0, size));
    other = wanted;
    CHECK_FALSE(read_checkpoint(file, other));
    CHECK(other.epochs == 0);
  }
}
