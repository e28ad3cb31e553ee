// SPDX-License-Identifier: MIT
// timeline: one character a frame, the exit that it took, a row for each sequence of a clip.
#pragma once

#include <unistd.h>

#include <cstdio>
#include <flexdnn/io/text_table.hpp>

#include "clip.hpp"
#include "evaluation.hpp"

namespace examples {

/// Frames [first, last) of one sequence.
struct stretch {
  std::string name;
  std::size_t first = 0, last = 0;
};

/// The sequences of a clip; without sequences, rows of at most 80 frames, four of them.
inline std::vector<stretch> stretches_of(const clip& c, std::size_t frames) {
  constexpr std::size_t length = 80, rows = 4;
  std::vector<stretch> all;
  for (std::size_t i = 0; i < frames; ++i) {
    const bool starts = c.sequence.empty() ? i % length == 0 : i == 0 || c.sequence[i] != c.sequence[i - 1];
    if (starts && c.sequence.empty() && all.size() == rows) break;
    if (starts) all.push_back({c.sequence.empty() ? "from " + std::to_string(i) : c.sequence[i], i, i});
    all.back().last = i + 1;
  }
  return all;
}

/// "exit 1..9 of each frame": right ones green and wrong ones red on a terminal; elsewhere an x stands below
/// each wrong one.
inline void print_timeline(const std::vector<stretch>& stretches, const std::vector<frame_result>& results) {
  const bool colours = isatty(STDOUT_FILENO) != 0;
  std::size_t width = 0;
  for (const stretch& s : stretches) width = std::max(width, s.name.size());
  for (const stretch& s : stretches) {
    std::string exits, wrong;
    for (std::size_t i = s.first; i < s.last; ++i) {
      const timed_prediction& p = results[i].adaptive;
      const bool right = p.label == results[i].truth;
      if (colours) exits += right ? "\033[32m" : "\033[31m";
      exits += p.exit < 9 ? static_cast<char>('1' + p.exit) : '+';
      if (colours) exits += "\033[0m";
      wrong += right ? ' ' : 'x';
    }
    std::printf("  %-*s  %s\n", static_cast<int>(width), s.name.c_str(), exits.c_str());
    wrong.erase(wrong.find_last_not_of(' ') + 1);
    if (!colours && !wrong.empty()) std::printf("  %-*s  %s\n", static_cast<int>(width), "", wrong.c_str());
  }
}

/// A few frames of each stretch, evenly spaced: what was seen, said, where and how surely.
inline std::string frame_list(const model& m, const std::vector<stretch>& stretches,
                              const std::vector<frame_result>& results) {
  using side = flexdnn::text_table::side;
  constexpr std::size_t frames_each = 3;
  flexdnn::text_table table({{"sequence", side::left},
                             {"frame"},
                             {"truth", side::left},
                             {"label", side::left},
                             {"exit", side::left},
                             {"confidence"}});
  for (const stretch& s : stretches) {
    const std::size_t length = s.last - s.first, count = std::min(length, frames_each);
    for (std::size_t k = 0; k < count; ++k) {
      const std::size_t offset = count > 1 ? k * (length - 1) / (count - 1) : 0;
      const frame_result& r = results[s.first + offset];
      char confidence[16];
      std::snprintf(confidence, sizeof confidence, "%.3f", static_cast<double>(r.adaptive.confidence));
      const auto exit = static_cast<std::size_t>(r.adaptive.exit);
      table.row({s.name, std::to_string(offset), class_name(m, r.truth), class_name(m, r.adaptive.label),
                 std::to_string(exit + 1) + " " + m.exits[exit].name, confidence});
    }
  }
  return table.text();
}

}  // namespace examples
