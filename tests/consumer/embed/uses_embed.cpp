// SPDX-License-Identifier: MIT
// uses_embed: constants of both forms are what packing here gives, bit for bit, and an engine runs on them.
#include <cstdint>
#include <cstdio>
#include <cstring>

#include "small_object.hpp"
#include "small_source.hpp"

int main() {
  static flexdnn::packed<small> wanted;
  static std::array<float, flexdnn::lowered<small>::parameters> canonical;
  for (std::size_t i = 0; i < canonical.size(); ++i) canonical[i] = weight(i);
  flexdnn::pack<small>(canonical, wanted);
  for (const flexdnn::packed<small>* constant : {&small_object, &small_source}) {
    if (std::memcmp(constant, &wanted, sizeof wanted) != 0) return std::puts("other numbers"), 1;
    if (reinterpret_cast<std::uintptr_t>(constant) % 64 != 0) return std::puts("not aligned"), 1;
  }
  static flexdnn::engine<small> net{small_object}, same{small_source};
  static const std::array<float, small::frame.size()> frame{1.0F};
  return net.run(frame).label == same.run(frame).label ? 0 : 1;
}
