// SPDX-License-Identifier: MIT
// Laws of batch_share: shares tile the mini-batch in the order of ranks, each a run of whole parts, no two of
// which differ by more than one.
#include <doctest/doctest.h>

#include <flexdnn/train/batch_share.hpp>

using namespace flexdnn;

TEST_CASE("shares are whole parts, one after the other, as even as parts allow") {
  for (int whole = 1; whole <= 300; ++whole) {
    const int images = batch_share::images_a_part(whole), parts = batch_share::part_count(whole);
    REQUIRE(parts <= 16);
    REQUIRE((parts - 1) * images < whole);
    REQUIRE(parts * images >= whole);
    for (int size = 1; size <= parts; ++size) {
      int next = 0;
      for (int rank = 0; rank < size; ++rank) {
        const batch_share share = batch_share::of(whole, rank, size);
        REQUIRE(share.whole == whole);
        REQUIRE(share.first == next);
        REQUIRE(share.first % images == 0);
        REQUIRE(share.count > 0);
        const int own = (share.count + images - 1) / images;
        REQUIRE(own >= parts / size);
        REQUIRE(own <= (parts + size - 1) / size);
        next += share.count;
      }
      REQUIRE(next == whole);
    }
  }
}

TEST_CASE("a batch of 128 on one to sixteen processes") {
  CHECK(batch_share::of(128, 1, 2).first == 64);
  CHECK(batch_share::of(128, 1, 3).first == 40);
  CHECK(batch_share::of(128, 15, 16).count == 8);
}
