// SPDX-License-Identifier: MIT
// window: which taps of a kernel fall inside the input, along one axis.
#pragma once

#include <algorithm>

namespace flexdnn::detail {

/// Taps [first, last) of a kernel whose first tap lies at `origin`, on an axis of `extent` elements.
struct window {
  int first;
  int last;
};

[[nodiscard]] constexpr window clip(int origin, int kernel, int dilation, int extent) {
  const int first = origin < 0 ? (-origin + dilation - 1) / dilation : 0;
  const int last = origin < extent ? std::min(kernel, (extent - origin + dilation - 1) / dilation) : 0;
  return {std::min(first, last), last};
}

}  // namespace flexdnn::detail
