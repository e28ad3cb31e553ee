// SPDX-License-Identifier: MIT
// file_name_of: the name that a weights file of another origin has for a tensor of ours.
#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>

#include "../core/weights_format.hpp"

namespace flexdnn {

namespace detail {

/// Takes a prefix off the front of text; false, and text unchanged, where it does not begin with it.
[[nodiscard]] constexpr bool take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

/// Takes decimal digits off the front of text; false where there are none or too many.
[[nodiscard]] inline bool take_number(std::string_view& text, int& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || text.front() == '-') return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return true;
}

/// theirs with its number in the place of '#', what stands in brackets only where the number is not 0.
[[nodiscard]] inline std::string with_number(std::string_view theirs, std::int64_t number) {
  std::string text;
  bool inside = false;
  for (const char c : theirs) {
    if (c == '[' || c == ']') {
      inside = c == '[';
    } else if (!inside || number != 0) {
      text += c == '#' ? std::to_string(number) : std::string(1, c);
    }
  }
  return text;
}

/// The name by one rule, none where the rule is not about it.
[[nodiscard]] inline std::optional<std::string> file_name_by(const name_rule& rule, std::string_view ours) {
  const std::size_t mark = rule.ours.find('#');
  int number = 0;
  if (!take(ours, rule.ours.substr(0, mark))) return std::nullopt;
  if (mark != std::string_view::npos &&
      (!take_number(ours, number) || number < rule.number.first || number > rule.number.last ||
       !take(ours, rule.ours.substr(mark + 1)))) {
    return std::nullopt;
  }
  const std::string layer =
      with_number(rule.theirs, std::int64_t{rule.number.scale} * number + rule.number.shift);
  if (rule.endings.empty() && (ours.empty() || ours.front() == '.')) return layer + std::string(ours);
  for (const name_ending& e : rule.endings) {
    if (e.ours == ours) return layer + std::string(e.theirs);
  }
  return std::nullopt;
}

}  // namespace detail

/// The tensor's name in the file: by the first rule that matches, else the same as ours.
[[nodiscard]] inline std::string file_name_of(std::string_view ours, std::span<const name_rule> rules) {
  for (const name_rule& rule : rules) {
    if (std::optional<std::string> name = detail::file_name_by(rule, ours)) return *std::move(name);
  }
  return std::string(ours);
}

}  // namespace flexdnn
