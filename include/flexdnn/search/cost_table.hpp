// SPDX-License-Identifier: MIT
// cost_table: what a network's exits cost on a target, as a small JSON file: measured there, used elsewhere.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../calibrate/exit_trace.hpp"
#include "../core/status.hpp"
#include "../io/append_json.hpp"
#include "../io/file.hpp"
#include "../io/json_reader.hpp"
#include "../io/quoted.hpp"
#include "../plan/lowered.hpp"

namespace flexdnn {

/// The file, one line an exit, may also be typed by hand; entries stand in any order:
///   {"machine": "Cortex-A53 at 1.2 GHz", "unit": "s", "exits": [
///     {"name": "early", "trunk": 0.011, "branch": 0.0006},
///     {"name": "final", "trunk": 0.031, "branch": 0}]}
struct cost_table {
  std::string machine, unit;
  std::vector<std::string> names;  ///< of the exits, in order, the final one included
  exit_costs costs;                ///< trunk: from the frame to the exit, branches left out
};

/// Whether planners can use it. Errors: bad_option (no name, a name twice, no unit or machine, a negative
/// cost, a trunk that costs less than up to the exit before), not_finite, wrong_size (no exits, or costs and
/// names differ in number).
inline status check(const cost_table& t) {
  const std::size_t exits = t.names.size();
  if (exits == 0 || t.costs.trunk.size() != exits || t.costs.branch.size() != exits) {
    return status::error(code::wrong_size,
                         "cost table: %zu names, %zu trunk and %zu branch costs; one each an exit is wanted",
                         exits, t.costs.trunk.size(), t.costs.branch.size());
  }
  if (t.machine.empty() || t.unit.empty()) {
    return status::error(code::bad_option, "cost table: %s is empty, a text is wanted",
                         t.machine.empty() ? "machine" : "unit");
  }
  for (std::size_t e = 0; e < exits; ++e) {
    const auto wrong = [&](code what, const char* part, double got, const char* wanted) {
      return status::error(what, "cost table: exit %s: %s is %g, %s is wanted", quoted(t.names[e]).text(),
                           part, got, wanted);
    };
    if (t.names[e].empty()) {
      return status::error(code::bad_option, "cost table: exit %zu of %zu has no name", e + 1, exits);
    }
    if (std::ranges::find(t.names, t.names[e]) != t.names.begin() + static_cast<std::ptrdiff_t>(e)) {
      return status::error(code::bad_option, "cost table: exit %s stands there twice",
                           quoted(t.names[e]).text());
    }
    const double trunk = t.costs.trunk[e], branch = t.costs.branch[e];
    if (!std::isfinite(trunk)) return wrong(code::not_finite, "trunk", trunk, "a finite cost");
    if (!std::isfinite(branch)) return wrong(code::not_finite, "branch", branch, "a finite cost");
    if (branch < 0.0) return wrong(code::bad_option, "branch", branch, "0 or more");
    if (trunk < 0.0) return wrong(code::bad_option, "trunk", trunk, "0 or more");
    if (e > 0 && trunk < t.costs.trunk[e - 1]) {
      return wrong(code::bad_option, "trunk", trunk, "at least that of the exit before");
    }
  }
  return {};
}

/// Whether it is of this network: the same exits by name and order. Errors: wrong_size, bad_option, check's.
template <class Network>
status fits(const cost_table& t) {
  if (const status s = check(t); !s) return s;
  const auto& exits = lowered<Network>::exits;
  if (t.names.size() != exits.size()) {
    return status::error(code::wrong_size, "cost table: %zu exits, the network has %zu", t.names.size(),
                         exits.size());
  }
  for (std::size_t e = 0; e < exits.size(); ++e) {
    if (t.names[e] != exits[e].name) {
      return status::error(code::bad_option, "cost table: exit %zu is %s, the network's is %s", e + 1,
                           quoted<60>(t.names[e]).text(), quoted<60>(exits[e].name).text());
    }
  }
  return {};
}

namespace detail {

/// An object that has each of these keys once and no other; read(i) takes the value of keys[i].
template <std::size_t Count, class Read>
status read_object(json_reader& in, const std::array<std::string_view, Count>& keys, Read read) {
  std::array<bool, Count> seen{};
  std::string key;
  in.open('{');
  while (in.more('}')) {
    in.read(key);
    in.expect(':');
    const auto i = static_cast<std::size_t>(std::ranges::find(keys, key) - keys.begin());
    if (in.failed()) break;
    if (i == Count) return status::error(code::malformed, "unknown entry %s", quoted(key).text());
    if (std::exchange(seen[i], true))
      return status::error(code::malformed, "%s stands there twice", quoted(key).text());
    if (const status s = read(i); !s) return s;
  }
  if (in.failed()) return in.failure();
  const auto missing = static_cast<std::size_t>(std::ranges::find(seen, false) - seen.begin());
  return missing == Count
             ? status{}
             : status::error(code::malformed, "entry %s is missing", quoted(keys[missing]).text());
}

inline status parse_cost_table(std::string_view text, cost_table& t) {
  json_reader in(text);
  const auto read_exit = [&] {
    static constexpr std::array<std::string_view, 3> keys{"name", "trunk", "branch"};
    std::string name;
    std::array<double, 2> cost{};
    const status s = read_object(in, keys, [&](std::size_t i) {
      i == 0 ? in.read(name) : in.read(cost[i - 1]);
      return in.failure();
    });
    t.names.push_back(name);
    t.costs.trunk.push_back(cost[0]);
    t.costs.branch.push_back(cost[1]);
    return s;
  };
  static constexpr std::array<std::string_view, 3> keys{"machine", "unit", "exits"};
  const status s = read_object(in, keys, [&](std::size_t i) {
    if (i < 2) {
      in.read(i == 0 ? t.machine : t.unit);
      return in.failure();
    }
    in.open('[');
    while (in.more(']')) {
      if (const status exit = read_exit(); !exit) return exit;
    }
    return in.failure();
  });
  in.finish();
  if (!s || in.failed()) return s ? in.failure() : s;
  return check(t);
}

}  // namespace detail

/// On an error t stays as it was. Errors: those of read_file, malformed, those of check.
inline status read_cost_table(const std::string& path, cost_table& t) {
  static constexpr std::uint64_t limit = 1 << 20;  // 63 exits take 5 kB
  std::vector<char> text;
  if (const status s = read_file(path, text, limit); !s) return s;
  cost_table read;
  if (const status s = detail::parse_cost_table({text.data(), text.size()}, read); !s) {
    return status::error(s.code(), "%s: %.160s", quoted(path, keep::back).text(), s.message());
  }
  t = std::move(read);
  return {};
}

/// Errors: those of check, cannot_write. Names, machine and unit: UTF-8.
inline status write_cost_table(const std::string& path, const cost_table& t) {
  if (const status s = check(t); !s) return s;
  std::string text = "{\"machine\": ";
  append_json(text, t.machine);
  text += ", \"unit\": ";
  append_json(text, t.unit);
  text += ", \"exits\": [";
  for (std::size_t e = 0; e < t.names.size(); ++e) {
    text += e == 0 ? "\n  {\"name\": " : ",\n  {\"name\": ";
    append_json(text, t.names[e]);
    text += ", \"trunk\": ";
    append_json(text, t.costs.trunk[e]);
    text += ", \"branch\": ";
    append_json(text, t.costs.branch[e]);
    text += '}';
  }
  text += "]}\n";
  const std::span<const std::byte> whole = std::as_bytes(std::span(text));
  return write_file(path, std::span(&whole, 1));
}

}  // namespace flexdnn
