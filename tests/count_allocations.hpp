// SPDX-License-Identifier: MIT
// count_allocations: replaces operator new, to count; for programs of one source file.
#pragma once

#include <doctest/doctest.h>

#include <atomic>
#include <cstdlib>
#include <new>

inline std::atomic<long> allocations = 0;

inline void* count_allocation(std::size_t size) noexcept {
  ++allocations;
  return std::malloc(size == 0 ? 1 : size);
}

void* operator new(std::size_t size) { return count_allocation(size); }
void* operator new[](std::size_t size) { return count_allocation(size); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return count_allocation(size); }
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept { return count_allocation(size); }
void operator delete(void* p) noexcept { std::free(p); }
void operator delete[](void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }
void operator delete[](void* p, std::size_t) noexcept { std::free(p); }

TEST_CASE("the counter counts") {
  const long before = allocations;
  int* volatile seen = new int(7);  // volatile: Clang leaves out an allocation that nobody can see
  delete seen;
  CHECK(allocations == before + 1);
}
