// SPDX-License-Identifier: MIT
// frame_estimate: how long a frame is expected to take by a program that may cut it short.
#pragma once

#include <cstdint>
#include <flexdnn/stream/service_estimate.hpp>

namespace examples {

/// Of frames as they are, or, where one may leave at any exit, of what it takes at least.
class frame_estimate {
 public:
  explicit frame_estimate(flexdnn::quantile_estimate usual = flexdnn::quantile_estimate(),
                          std::int64_t least = 0)
      : usual_(usual), least_(least) {}

  void observe(std::int64_t ns) noexcept { usual_.observe(ns); }
  void refused() noexcept { usual_.refused(); }
  [[nodiscard]] std::int64_t expected() const noexcept { return least_ > 0 ? least_ : usual_.expected(); }

 private:
  flexdnn::quantile_estimate usual_;
  std::int64_t least_;
};

}  // namespace examples
