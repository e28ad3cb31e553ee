// SPDX-License-Identifier: MIT
// name: a string literal as a template argument, for named<"layer1", ...> and exit_branch<"early", ...>.
#pragma once

#include <cstddef>
#include <string_view>

namespace flexdnn {

template <std::size_t Size>
struct name {
  char text[Size]{};

  consteval name(const char (&literal)[Size]) {
    for (std::size_t i = 0; i < Size; ++i) text[i] = literal[i];
  }

  [[nodiscard]] constexpr std::string_view view() const { return {text, Size - 1}; }
};

}  // namespace flexdnn
