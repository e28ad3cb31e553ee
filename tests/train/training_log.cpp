// SPDX-License-Identifier: MIT
// Laws of training_log: one header, a line an epoch, empty cells for exits that were not trained.
#include <doctest/doctest.h>

#include <flexdnn/train/training_log.hpp>

#include "io/support.hpp"

using namespace flexdnn;

TEST_CASE("lines are appended after one header") {
  const io_test::temporary_directory directory;
  const std::string file = directory.file("log.csv");
  const std::vector<training_graph::exit> exits{{"early", 1}, {"final", 2}};
  REQUIRE(append_log(file, exits, {0, 0.1, 2.5, {NAN, 1.25}, {NAN, 0.5}}));
  REQUIRE(append_log(file, exits, {1, 0.05, 2.0, {2.0, 1.0}, {0.25, 0.75}}));
  CHECK(io_test::slurp(file) ==
        "epoch,learning_rate,seconds,loss_early,accuracy_early,loss_final,accuracy_final\n"
        "1,0.1,2.500,,,1.250000,0.500000\n"
        "2,0.05,2.000,2.000000,0.250000,1.000000,0.750000\n");
  CHECK(append_log(directory.file("no/log.csv"), exits, {}).code() == code::cannot_write);
}
