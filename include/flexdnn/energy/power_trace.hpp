// SPDX-License-Identifier: MIT
// power_trace: joules between two moments from what an external meter recorded.
#pragma once

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../core/status.hpp"
#include "../io/file.hpp"

namespace flexdnn {

/// Rows "seconds,watts" of a text file, seconds strictly ascending on a clock that the meter and the program
/// share (Unix time, say); what stands before the first row that begins with a number is a heading. Power is
/// linear between rows.
class power_trace {
 public:
  /// On an error the trace stays as it was. Errors: as read_file; malformed (line, got, wanted); truncated:
  /// fewer than two rows.
  status load(const std::string& path) {
    std::vector<char> text;
    if (const status s = read_file(path, text); !s) return s;
    std::vector<sample> samples;
    std::string_view rest(text.data(), text.size());
    for (std::size_t line = 1; !rest.empty(); ++line) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      std::string_view row = rest.substr(0, end);
      rest.remove_prefix(std::min(end + 1, rest.size()));
      while (!row.empty() && (row.back() == '\r' || row.back() == ' ')) row.remove_suffix(1);
      sample s;
      const bool good = parse(row, s) && (samples.empty() || s.seconds > samples.back().seconds);
      if (good) samples.push_back(s);
      if (good || row.empty() || samples.empty()) continue;
      return status::error(
          code::malformed, "%s: line %zu is %s, wanted seconds,watts with seconds above %.13g",
          quoted<60>(path, keep::back).text(), line, quoted<40>(row).text(), samples.back().seconds);
    }
    if (samples.size() < 2) {
      return status::error(code::truncated, "%s: has %zu rows of seconds,watts, wanted two or more",
                           quoted(path, keep::back).text(), samples.size());
    }
    samples_ = std::move(samples);
    return {};
  }

  /// The integral of power. On an error joules stays as it was. Error: bad_option where the trace does not
  /// cover [from, to].
  status read(double from, double to, double& joules) const {
    if (samples_.empty() || !(from <= to) || from < samples_.front().seconds ||
        to > samples_.back().seconds) {
      return status::error(code::bad_option,
                           "power_trace: asked for %.13g to %.13g seconds, recorded are %.13g to %.13g", from,
                           to, samples_.empty() ? 0.0 : samples_.front().seconds,
                           samples_.empty() ? 0.0 : samples_.back().seconds);
    }
    double sum = 0.0;
    for (std::size_t i = 1; i < samples_.size(); ++i) {
      const sample &a = samples_[i - 1], &b = samples_[i];
      const double begin = std::max(from, a.seconds), end = std::min(to, b.seconds);
      if (begin < end) sum += (end - begin) * 0.5 * (at(a, b, begin) + at(a, b, end));
    }
    joules = sum;
    return {};
  }

 private:
  struct sample {
    double seconds = 0.0, watts = 0.0;
  };

  static double at(const sample& a, const sample& b, double seconds) {
    return a.watts + (b.watts - a.watts) * (seconds - a.seconds) / (b.seconds - a.seconds);
  }

  static bool parse(std::string_view row, sample& s) {
    const char* const end = row.data() + row.size();
    const auto first = std::from_chars(row.data(), end, s.seconds);
    if (first.ec != std::errc() || first.ptr == end || *first.ptr != ',') return false;
    const auto second = std::from_chars(first.ptr + 1, end, s.watts);
    return second.ec == std::errc() && second.ptr == end && std::isfinite(s.seconds) &&
           std::isfinite(s.watts);
  }

  std::vector<sample> samples_;
};

}  // namespace flexdnn
