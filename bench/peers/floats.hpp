// SPDX-License-Identifier: MIT
// floats: numbers that start on a cache line, as the libraries' own memory does.
#pragma once

#include <cstddef>
#include <new>
#include <vector>

namespace flexdnn::bench {

template <class Type>
struct cache_line_allocator {
  using value_type = Type;
  static constexpr std::align_val_t line{64};

  cache_line_allocator() = default;
  template <class Other>
  explicit cache_line_allocator(const cache_line_allocator<Other>&) {}

  [[nodiscard]] Type* allocate(std::size_t count) {
    return static_cast<Type*>(::operator new(count * sizeof(Type), line));
  }
  void deallocate(Type* first, std::size_t) { ::operator delete(first, line); }

  friend bool operator==(const cache_line_allocator&, const cache_line_allocator&) = default;
};

/// Frames and maps of the comparison. A vector of 1.6 MB starts 16 bytes into a page, and every second load
/// of AVX2 would straddle two lines.
using floats = std::vector<float, cache_line_allocator<float>>;

}  // namespace flexdnn::bench
