// SPDX-License-Identifier: MIT
// Laws of communicators: sums have the bits of one process, everybody gets them, and one error is
// everybody's.
#include <doctest/doctest.h>

#include <flexdnn/train/random_generator.hpp>
#include <string>

#include "threads_as_processes.hpp"

using namespace flexdnn;

TEST_CASE("a process that is alone keeps its numbers and its errors") {
  float value = 3.0F;
  add_in_order(alone(), std::span(&value, 1), [&] { value += 1.0F; });
  share_sum(alone(), std::span(&value, 1));
  CHECK(value == 4.0F);
  CHECK(agree(alone(), status{}));
  const status s = agree(alone(), status::error(code::bad_option, "wrong"));
  CHECK(s.code() == code::bad_option);
  CHECK(std::string(s.message()) == "wrong");
}

TEST_CASE("a sum in order has the bits of one process's, however many there are, on each of them") {
  // Numbers of sizes from 1 to 1e6: another order gives other bits.
  random_generator random(4);
  std::vector<float> terms(60);
  for (float& x : terms) x = static_cast<float>(random.normal() * (random.below(2) == 0 ? 1.0 : 1e6));
  float wanted = 0.0F, backwards = 0.0F;
  for (const float x : terms) wanted += x;
  for (std::size_t i = terms.size(); i-- > 0;) backwards += terms[i];
  REQUIRE(wanted != backwards);
  for (const int size : {2, 3, 5}) {
    std::vector<float> got(static_cast<std::size_t>(size));
    CHECK(flexdnn::test::run_processes(size, [&](communicator& self) {
      const auto share = terms.size() / static_cast<std::size_t>(size);
      const auto rank = static_cast<std::size_t>(self.rank());
      float sum = 0.0F;
      add_in_order(self, std::span(&sum, 1), [&] {
        for (std::size_t i = 0; i < share; ++i) sum += terms[rank * share + i];
      });
      share_sum(self, std::span(&sum, 1));
      got[rank] = sum;
    }));
    for (const float sum : got) CHECK(sum == wanted);
  }
}

TEST_CASE("the first process that fails gives all of them its error and its number") {
  for (const int failing : {0, 1, 2}) {
    std::vector<status> got(3);
    CHECK(flexdnn::test::run_processes(3, [&](communicator& self) {
      const status own =
          self.rank() >= failing ? status::error(code::cannot_open, "no file %d", self.rank()) : status{};
      got[static_cast<std::size_t>(self.rank())] = agree(self, own);
    }));
    for (const status& s : got) {
      CHECK(s.code() == code::cannot_open);
      CHECK(std::string(s.message()) ==
            "process " + std::to_string(failing) + " of 3: no file " + std::to_string(failing));
    }
  }
  bool fine = true;
  CHECK(flexdnn::test::run_processes(1,
                                     [&](communicator& self) { fine = static_cast<bool>(agree(self, {})); }));
  CHECK(fine);
}
