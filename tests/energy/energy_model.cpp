// SPDX-License-Identifier: MIT
// energy_model: each term by itself; bytes of a path by hand.
#include <flexdnn/energy/energy_model.hpp>

#include <doctest/doctest.h>

#include <flexdnn/flexdnn.hpp>

using namespace flexdnn;

namespace {

struct looped
    : network<input<2, 4, 4>, conv2d<2, bias<false>>, residual<conv2d<2, bias<false>>>,
              repeat<3, conv2d<2, kernel<3>, bias<false>>>,
              exit_branch<"early", global_average_pool, dense<3>>, conv2d<5>, global_average_pool, dense<3>> {
};

}  // namespace

TEST_CASE("MACs, bytes and time each cost by themselves") {
  constexpr energy_model model{2.0, 3.0, 5.0};
  static_assert(model(1, 0, 0.0) == 2.0 && model(0, 1, 0.0) == 3.0 && model(0, 0, 1.0) == 5.0);
  static_assert(model(7, 11, 13.0) == 14.0 + 33.0 + 65.0);
  CHECK(energy_model{}(1'000'000'000, 0, 9.0) == doctest::Approx(4.6e-3));
}

TEST_CASE("bytes of a path: weights and maps of every step, rounds of a repeat one by one") {
  constexpr auto bytes = path_bytes<looped>();
  constexpr std::uint64_t one = 4 + 32 + 32, added = 4 + 32 + 32 + 32, round = 36 + 32 + 32;
  constexpr std::uint64_t early = one + added + 3 * round + (32 + 2) + (9 + 2 + 3);
  CHECK(bytes[0] == 4 * early);
  CHECK(bytes[1] == 4 * (early + (15 + 32 + 80) + (80 + 5) + (18 + 5 + 3)));
}
