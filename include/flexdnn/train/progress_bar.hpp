// SPDX-License-Identifier: MIT
// progress_bar: how far a long computation is, its rate and the time left, on stderr.
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <string>
#include <utility>

#if __has_include(<unistd.h>)
#include <unistd.h>
#elif __has_include(<io.h>)
#include <io.h>
#endif

namespace flexdnn {

enum class progress_style {
  automatic,  ///< a bar that is redrawn where the output is a terminal, else nothing
  bar,
  lines,  ///< plain lines, at most one every five seconds, for logs
  silent,
};

/// "train  [#####     ]  50 %  500/1000  125.0/s  0:04 left"; the time left is unknown ("-:--") at rate 0.
[[nodiscard]] inline std::string progress_text(const std::string& label, std::uint64_t done,
                                               std::uint64_t total, double seconds) {
  constexpr std::size_t width = 24;
  const double share =
      total == 0 ? 1.0 : std::min(1.0, static_cast<double>(done) / static_cast<double>(total));
  const auto filled = static_cast<std::size_t>(share * width);
  const double rate = seconds > 0.0 ? static_cast<double>(done) / seconds : 0.0;
  char left[32] = "-:--";
  if (rate > 0.0) {
    const double remaining = static_cast<double>(total - std::min(done, total)) / rate;
    const auto whole = static_cast<unsigned long long>(std::min(std::ceil(remaining), 3.6e8));
    std::snprintf(left, sizeof left, "%llu:%02llu", whole / 60, whole % 60);
  }
  char numbers[128];
  std::snprintf(numbers, sizeof numbers, "  %3d %%  %llu/%llu  %.1f/s  %s left",
                static_cast<int>(share * 100.0), static_cast<unsigned long long>(done),
                static_cast<unsigned long long>(total), rate, left);
  return label + "  [" + std::string(filled, '#') + std::string(width - filled, ' ') + "]" + numbers;
}

/// Counts `total` units of work. Not for several threads at once. A redraw costs one write, at most ten a
/// second; between them advance() costs one look at the clock.
class progress_bar {
 public:
  progress_bar(std::string label, std::uint64_t total, progress_style style = progress_style::automatic,
               std::FILE* output = stderr)
      : label_{std::move(label)}, total_{total}, style_{style}, output_{output} {
    if (style_ == progress_style::automatic) {
      style_ = terminal(output_) ? progress_style::bar : progress_style::silent;
    }
  }

  progress_bar(const progress_bar&) = delete;
  progress_bar& operator=(const progress_bar&) = delete;
  ~progress_bar() { finish(); }

  /// `units` more are done.
  void advance(std::uint64_t units = 1) {
    done_ += units;
    if (style_ == progress_style::silent || finished_) return;
    const clock::time_point now = clock::now();
    const std::chrono::milliseconds pause{style_ == progress_style::bar ? 100 : 5000};
    if (now - drawn_ < pause) return;
    drawn_ = now;
    draw();
  }

  /// Shows the last state and ends the line; the destructor does it too.
  void finish() {
    if (style_ == progress_style::silent || finished_) return;
    finished_ = true;
    draw();
    if (style_ == progress_style::bar) std::fputc('\n', output_);
    std::fflush(output_);
  }

 private:
  using clock = std::chrono::steady_clock;

  [[nodiscard]] static bool terminal([[maybe_unused]] std::FILE* file) {
#if __has_include(<unistd.h>)
    return isatty(fileno(file)) != 0;
#elif __has_include(<io.h>)
    return _isatty(_fileno(file)) != 0;
#else
    return false;
#endif
  }

  void draw() const {
    const double seconds = std::chrono::duration<double>(clock::now() - start_).count();
    const std::string text = progress_text(label_, done_, total_, seconds);
    // The blanks cover what a longer line left behind.
    std::fprintf(output_, style_ == progress_style::bar ? "\r%s    " : "%s\n", text.c_str());
    std::fflush(output_);
  }

  std::string label_;
  std::uint64_t total_;
  progress_style style_;
  std::FILE* output_;
  std::uint64_t done_ = 0;
  bool finished_ = false;
  clock::time_point start_ = clock::now();
  clock::time_point drawn_ = start_;
};

}  // namespace flexdnn
