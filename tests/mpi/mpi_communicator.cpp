// SPDX-License-Identifier: MIT
// Laws of mpi_communicator, on as many processes as mpirun starts: messages go down the row, broadcasts reach
// all.
#include <doctest/doctest.h>

#include <flexdnn/mpi/mpi_communicator.hpp>
#include <numeric>
#include <string>
#include <vector>

using namespace flexdnn;

TEST_CASE("sums and errors of several processes") {
  mpi_communicator self;  // MPI begins once
  REQUIRE(self.size() == 3);
  CHECK(self.local_size() == self.size());
  REQUIRE(self.rank() >= 0);
  REQUIRE(self.rank() < self.size());

  // Past what MPI sends at once without a receiver that waits.
  std::vector<double> sum(1 << 20U, 0.0);
  add_in_order(self, std::span(sum), [&] {
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] = 10.0 * sum[i] + self.rank() + 1;
  });
  share_sum(self, std::span(sum));
  CHECK(std::accumulate(sum.begin(), sum.end(), 0.0) == 123.0 * static_cast<double>(sum.size()));

  for (int root = 0; root < self.size(); ++root) {
    int value = self.rank();
    self.broadcast(std::as_writable_bytes(std::span(&value, 1)), root);
    CHECK(value == root);
  }
  self.broadcast({}, 0);

  CHECK(agree(self, {}));
  const status s = agree(self, self.rank() == 1 ? status::error(code::truncated, "too short") : status{});
  CHECK(s.code() == code::truncated);
  CHECK(std::string(s.message()) == "process 1 of 3: too short");
}
