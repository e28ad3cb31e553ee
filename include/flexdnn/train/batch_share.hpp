// SPDX-License-Identifier: MIT
// batch_share: how a mini-batch is parted among processes and threads.
#pragma once

#include <algorithm>

namespace flexdnn {

/// A mini-batch is cut into at most 16 parts of equal size, the last one smaller, whatever the number of
/// threads and processes: sums over them, taken in their order, then have the same bits. A process has whole
/// parts, and so a sixteenth more or less than another where 16 is no multiple of their number.
struct batch_share {
  static constexpr int parts = 16;

  int whole = 0;  ///< images of the mini-batch
  int first = 0;  ///< the first image of this process
  int count = 0;  ///< images of this process

  /// Of process `rank` of `size`, no more than part_count(whole).
  [[nodiscard]] static constexpr batch_share of(int whole, int rank, int size) {
    const int images = images_a_part(whole), all = part_count(whole);
    const auto begin = [&](int r) { return std::min(whole, all * r / size * images); };
    return {whole, begin(rank), begin(rank + 1) - begin(rank)};
  }

  [[nodiscard]] static constexpr int images_a_part(int whole, int most_parts = parts) {
    return (whole + most_parts - 1) / most_parts;
  }
  [[nodiscard]] static constexpr int part_count(int whole) {
    const int images = images_a_part(whole);
    return (whole + images - 1) / images;
  }
};

}  // namespace flexdnn
