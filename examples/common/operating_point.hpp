// SPDX-License-Identifier: MIT
// operating_point: what a network with exits does at one setting, as a row of the tables that are set side by
// side.
#pragma once

#include <algorithm>
#include <cmath>
#include <flexdnn/calibrate/exit_trace.hpp>
#include <string>

#include "page.hpp"

namespace examples {

/// Shares; macs and seconds are of the backbone's.
struct operating_point {
  double risk = 0.0;  ///< that the setting was chosen for
  double accuracy = 0.0;
  double difference = 0.0,
         low = 0.0;  ///< accuracy less the plain backbone's; its 95 % lower bound, paired by frame
  double macs = 0.0, seconds = 0.0;
  std::vector<double> left;  ///< of the frames, exit by exit
};

/// On all frames of a trace; without seconds. plain_right: whether the plain backbone is right, frame by
/// frame.
[[nodiscard]] inline operating_point operate(const flexdnn::exit_trace& trace,
                                             const flexdnn::exit_costs& macs,
                                             const flexdnn::exit_thresholds& t, double risk,
                                             const std::vector<bool>& plain_right) {
  const flexdnn::exit_outcome o = apply(trace, macs, t, trace.all());
  double sum = 0.0, squares = 0.0;
  for (const std::size_t i : trace.all()) {
    const double d = (trace.right(trace.exit_of(i, t), i) ? 1.0 : 0.0) - (plain_right[i] ? 1.0 : 0.0);
    sum += d, squares += d * d;
  }
  const double n = static_cast<double>(trace.frames()), mean = sum / n;
  const double low = mean - 1.645 * std::sqrt(std::max(squares / n - mean * mean, 0.0) / n);
  return {risk, o.accuracy, mean, low, o.cost / macs.backbone(), 0.0, o.left_at};
}

inline const row operating_heading{"risk, %", "accuracy, %", "against the backbone", "at least (95 %)",
                                   "MACs, %", "time, %",     "left at each exit, %"};

[[nodiscard]] inline row cells_of(const operating_point& p) {
  const auto percent = [](double share, int digits) { return fixed(100.0 * share, digits); };
  std::string left;
  for (const double share : p.left) left += (left.empty() ? "" : " / ") + percent(share, 1);
  return {percent(p.risk, 2),
          percent(p.accuracy, 2),
          percent(p.difference, 2),
          percent(p.low, 2),
          percent(p.macs, 1),
          percent(p.seconds, 1),
          left};
}

/// As Markdown.
[[nodiscard]] inline std::string table_of(const row& heading, const std::vector<row>& rows) {
  const auto line = [](const row& cells) {
    std::string text = "|";
    for (const std::string& cell : cells) text += " " + cell + " |";
    return text + "\n";
  };
  std::string text = line(heading) + line(row(heading.size(), "---"));
  for (const row& cells : rows) text += line(cells);
  return text;
}

}  // namespace examples
