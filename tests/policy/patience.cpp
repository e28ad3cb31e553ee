// SPDX-License-Identifier: MIT
// patience: a row of equal labels, within one frame, without gaps.
#include <flexdnn/policy/patience.hpp>

#include "policies.hpp"

using namespace flexdnn;

namespace {

const std::vector one{1.0F, 0.0F}, two{0.0F, 1.0F};

}  // namespace

TEST_CASE("leaves at the exit that completes the row") {
  patience<3> p;
  CHECK_FALSE(p(policies::at(one, 0, 6)).leave);
  CHECK_FALSE(p(policies::at(one, 1, 6)).leave);
  CHECK_FALSE(p(policies::at(two, 2, 6)).leave);
  CHECK(p(policies::at(two, 3, 6)).confidence == doctest::Approx(2.0 / 3));
  CHECK(p(policies::at(two, 4, 6)).leave);
  CHECK(p(policies::at(two, 5, 6)).confidence == 1.0F);
  CHECK(patience<1>{}(policies::at(one, 0, 2)).leave);
}

TEST_CASE("the next frame starts anew, also where its first exit was passed over") {
  patience<2> p;
  CHECK_FALSE(p(policies::at(one, 0, 3)).leave);
  CHECK_FALSE(p(policies::at(one, 0, 3)).leave);
  evidence later = policies::at(one, 1, 3);
  later.previous = -1;  // exit 0 of this frame gave NaN
  CHECK_FALSE(p(later).leave);
  CHECK(p(policies::at(one, 2, 3)).leave);
}

TEST_CASE("an exit passed over parts the row") {
  patience<2> p;
  CHECK_FALSE(p(policies::at(one, 0, 3)).leave);
  evidence later = policies::at(one, 2, 3);
  later.previous = 0;
  CHECK_FALSE(p(later).leave);
}
