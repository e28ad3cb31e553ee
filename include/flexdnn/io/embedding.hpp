// SPDX-License-Identifier: MIT
// embedding: how weights become constants of a program: what a caller chooses, and the text of the files.
#pragma once

#include <algorithm>
#include <charconv>
#include <cinttypes>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "../core/status.hpp"
#include "quoted.hpp"

namespace flexdnn {

/// Either way NAME.hpp declares the constant; it is defined in a file that the program compiles and links.
enum class embedded_form : std::uint8_t {
  object,  ///< NAME.S takes NAME.bin in with .incbin: any size, no time to compile; ELF, GCC or Clang
  source,  ///< NAME.cpp lists the numbers: any C++20 compiler; at most embedded_source_limit of them
};

/// Numbers that NAME.cpp may have: 262,144 (1 MiB of weights, 6 MB of text) compile in 0.8 s with GCC 12, in
/// 1.1 s and 234 MB with Clang 16, and more takes more in proportion; .incbin costs nothing at any size.
inline constexpr std::size_t embedded_source_limit = 262'144;

struct embedding {
  std::string name;     ///< of the constant and, with .hpp and so on, of its files: an identifier
  std::string network;  ///< the network's type, as a program writes it: "flexdnn::resnet_cifar<20>"
  std::string header;   ///< that declares it, as a program includes it: "flexdnn/models/resnet_cifar.hpp"
  std::string folder = ".";  ///< where the files are written; it must be there
  embedded_form form = embedded_form::object;
};

namespace detail {

/// What the files say of a network and a layout.
struct embedded_facts {
  std::uint64_t fingerprint = 0;
  int panel = 0;
  std::span<const float> values;
};

/// Printable, so that it stays on its line, and free of what would end the place where it is put.
[[nodiscard]] inline bool fits_one_line(std::string_view text, std::string_view forbidden) {
  return !text.empty() && std::ranges::all_of(text, [&](char c) {
    return c >= ' ' && c <= '~' && c != '\\' && forbidden.find(c) == std::string_view::npos;
  });
}

[[nodiscard]] inline bool is_identifier(std::string_view text) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  return !text.empty() && letter(text[0]) &&
         std::ranges::all_of(text, [&](char c) { return letter(c) || digit(c); });
}

inline status check_embedding(const embedding& e, const embedded_facts& f) {
  if (!is_identifier(e.name)) {
    return status::error(code::bad_option,
                         "embedding: name is %s, wanted an identifier of letters, digits and _",
                         quoted(e.name).text());
  }
  if (!fits_one_line(e.network, "\";{}")) {
    return status::error(code::bad_option,
                         "embedding: network is %s, wanted a type such as flexdnn::resnet_cifar<20>",
                         quoted(e.network).text());
  }
  if (!fits_one_line(e.header, "\"")) {
    return status::error(code::bad_option, "embedding: header is %s, wanted the path that a program includes",
                         quoted(e.header).text());
  }
  if (f.values.empty()) {
    return status::error(code::wrong_size, "embedding: %s has no weights", quoted(e.network).text());
  }
  if (e.form == embedded_form::source && f.values.size() > embedded_source_limit) {
    return status::error(
        code::wrong_size,
        "embedding: %s has %zu packed numbers, at most %zu are written as C++: embed an object instead",
        quoted(e.network).text(), f.values.size(), embedded_source_limit);
  }
  for (std::size_t i = 0; i < f.values.size(); ++i) {
    if (std::isfinite(f.values[i])) continue;
    return status::error(code::not_finite, "embedding: packed number %zu of %zu is not finite", i,
                         f.values.size());
  }
  return {};
}

/// Replaces every $NAME, $NETWORK, $HEADER, $PANEL, $COUNT and $FINGERPRINT of a text; and $INCLUDE, so that
/// nobody takes a text's include for one of this header.
[[nodiscard]] inline std::string fill_in(std::string_view text, const embedding& e, const embedded_facts& f) {
  char print[32];
  std::snprintf(print, sizeof print, "0x%016" PRIx64, f.fingerprint);
  const std::pair<std::string_view, std::string> words[] = {{"$NAME", e.name},
                                                            {"$NETWORK", e.network},
                                                            {"$HEADER", e.header},
                                                            {"$PANEL", std::to_string(f.panel)},
                                                            {"$COUNT", std::to_string(f.values.size())},
                                                            {"$FINGERPRINT", print},
                                                            {"$INCLUDE", "#include"}};
  std::string out;
  while (!text.empty()) {
    const auto found = std::ranges::find_if(words, [&](const auto& w) { return text.starts_with(w.first); });
    if (found == std::end(words)) {
      out += text.front();
      text.remove_prefix(1);
    } else {
      out += found->second;
      text.remove_prefix(found->first.size());
    }
  }
  return out;
}

/// One complaint at a time: numbers of another network or of another layout differ in count as well.
inline constexpr std::string_view embedded_header = R"text(// $NAME: weights of $NETWORK
// as constants. Written by flexdnn::embed: pack again instead of editing.
#pragma once

$INCLUDE <flexdnn/engine/packed.hpp>
$INCLUDE <flexdnn/plan/fingerprint.hpp>

$INCLUDE "$HEADER"

static_assert(flexdnn::fingerprint<$NETWORK> == $FINGERPRINTu,
              "$NAME: its weights were packed for another network, or by another version of flexdnn; "
              "pack them again");
static_assert(flexdnn::native_target::panel.panel() == $PANEL,
              "$NAME: its weights were packed for kernels that read panels of $PANEL channels, these are "
              "compiled to read others: pack them again for this machine, or compile for the other "
              "(8 channels: scalar, SSE2, NEON; 16: AVX2; 32: AVX-512)");
static_assert(flexdnn::fingerprint<$NETWORK> != $FINGERPRINTu ||
                  flexdnn::native_target::panel.panel() != $PANEL ||
                  sizeof(flexdnn::packed<$NETWORK>) == 4 * $COUNT,
              "$NAME: its weights were packed for kernels with other algorithms (with Winograd or without), or by "
              "another version of flexdnn; pack them again for this machine");

extern "C" const flexdnn::packed<$NETWORK> $NAME;
)text";

/// %progbits and %object: @ begins a comment on ARM. Hidden: a shared library keeps its constants to itself.
inline constexpr std::string_view embedded_assembly = R"text(// $NAME: weights of $NETWORK.
// Written by flexdnn::embed. Compile it with -I and its folder, so that the assembler finds $NAME.bin.
#ifndef __ELF__
#error "$NAME.S is for ELF objects (Linux, bare metal); elsewhere embed the weights as C++ source"
#elif defined(__BYTE_ORDER__) && __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "$NAME.bin holds little-endian numbers; embed the weights as C++ source"
#endif
        .section .rodata.$NAME, "a", %progbits
        .balign 64
        .globl $NAME
        .hidden $NAME
        .type $NAME, %object
        .size $NAME, 4 * $COUNT
$NAME:
        .incbin "$NAME.bin"
        .section .note.GNU-stack, "", %progbits
)text";

inline constexpr std::string_view embedded_source = R"text(// $NAME: weights of $NETWORK.
// Written by flexdnn::embed.
$INCLUDE "$NAME.hpp"

constinit const flexdnn::packed<$NETWORK> $NAME{{{
)text";

/// A float as a hexadecimal literal: exact, denormals and negative zero too, and whatever the locale.
inline void append_literal(std::string& text, float value) {
  char digits[32];
  const std::to_chars_result end =
      std::to_chars(digits, digits + sizeof digits, std::fabs(value), std::chars_format::hex);
  text += std::signbit(value) ? "-0x" : "0x";
  text.append(digits, end.ptr);
  text += 'F';
}

[[nodiscard]] inline std::string source_text(const embedding& e, const embedded_facts& f) {
  std::string text = fill_in(embedded_source, e, f);
  for (std::size_t i = 0; i < f.values.size(); ++i) {
    append_literal(text, f.values[i]);
    text += i % 8 == 7 || i + 1 == f.values.size() ? ",\n" : ", ";
  }
  return text + "}}};\n";
}

}  // namespace detail

}  // namespace flexdnn
