// SPDX-License-Identifier: MIT
// guarded: a float buffer off any alignment whose edges show what a kernel wrote or read beyond them.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <random>
#include <vector>

/// n floats at an address that is 4 modulo 16, after canaries. By lot, canaries follow them too, or the
/// heap block ends with them, so that the address sanitizer sees reads as well.
class guarded {
 public:
  guarded(std::size_t n, float fill, std::mt19937& random)
      : size_(n), tail_(random() % 2 * margin), block_(std::make_unique<float[]>(margin + n + tail_)) {
    std::fill_n(block_.get(), margin + n + tail_, canary);
    std::fill_n(data(), n, fill);
  }
  guarded(const std::vector<float>& values, std::mt19937& random) : guarded(values.size(), 0.0f, random) {
    std::copy(values.begin(), values.end(), data());
  }

  [[nodiscard]] float* data() { return block_.get() + margin; }
  [[nodiscard]] const float* data() const { return block_.get() + margin; }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] float operator[](std::size_t i) const { return block_[margin + i]; }
  /// Bit for bit, so that NaN equals itself.
  [[nodiscard]] bool holds(const std::vector<float>& values) const {
    return size_ == values.size() &&
           (size_ == 0 || std::memcmp(data(), values.data(), size_ * sizeof(float)) == 0);
  }
  [[nodiscard]] bool edges_intact() const {
    const auto untouched = [](const float* from, std::size_t n) {
      return std::all_of(from, from + n, [](float x) { return x == canary; });
    };
    return untouched(block_.get(), margin) && untouched(data() + size_, tail_);
  }

 private:
  static constexpr std::size_t margin = 17;
  static constexpr float canary = -7777.0f;
  std::size_t size_;
  std::size_t tail_;
  std::unique_ptr<float[]> block_;
};
