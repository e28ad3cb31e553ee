// SPDX-License-Identifier: MIT
// The few control sequences that every terminal since the VT100 knows: up, erase to the line's or screen's
// end.
#include "stream_view.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace examples {
namespace {

template <class... Values>
std::string line(const char* format, Values... values) {
  char text[200];
  std::snprintf(text, sizeof text, format, values...);
  return text;
}

unsigned long long number(std::uint64_t n) { return n; }

double percent(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0.0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

stream_view::stream_view(std::function<stream_moment()> look, std::vector<std::string> exits,
                         std::span<const std::atomic<std::uint64_t>> taken, std::vector<std::string> levels)
    : look_(std::move(look)),
      exits_(std::move(exits)),
      taken_(taken),
      levels_(std::move(levels)),
      thread_([this] { work(); }) {}

stream_view::~stream_view() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  changed_.notify_all();
  thread_.join();
  draw();
}

bool stream_view::is_possible() {
  const char* const terminal = std::getenv("TERM");
  return isatty(STDERR_FILENO) != 0 && terminal != nullptr && std::string_view(terminal) != "dumb";
}

void stream_view::work() {
  std::unique_lock lock(mutex_);
  do {
    lock.unlock();
    draw();
    lock.lock();
  } while (!changed_.wait_for(lock, pause, [this] { return ended_; }));
}

std::vector<std::string> stream_view::lines() {
  const stream_moment now = look_();
  const flexdnn::stream_counts& c = now.counts;
  const sample latest{clock::now(), c};
  last_second_[draws_++ % last_second_.size()] = latest;
  const sample& first =
      draws_ < last_second_.size() ? last_second_[0] : last_second_[draws_ % last_second_.size()];
  const double seconds = std::max(std::chrono::duration<double>(latest.when - first.when).count(), 1e-3);
  const auto rate = [&](std::uint64_t from, std::uint64_t to) {
    return static_cast<double>(to - from) / seconds;
  };
  std::vector<std::string> all;
  all.push_back(line("arrived   %10llu frames, %8.1f a second", number(c.arrived),
                     rate(first.counts.arrived, c.arrived)));
  all.push_back(line("answered  %10llu in time, %7.1f a second, %zu wait", number(c.answered),
                     rate(first.counts.answered, c.answered), now.waiting));
  all.push_back(line("lost      %10llu dropped (%.1f %%), %llu late (%.1f %%)", number(c.dropped),
                     percent(c.dropped, c.arrived), number(c.late), percent(c.late, c.arrived)));
  all.push_back(line("latency   %10.2f ms p50, %.2f ms p99", now.p50_ms, now.p99_ms));
  if (!levels_.empty()) {
    all.push_back(line("risk      %10s, level %zu of %zu",
                       levels_[std::min(now.level, levels_.size() - 1)].c_str(), now.level + 1,
                       levels_.size()));
  }
  std::uint64_t served = 0;
  for (const auto& n : taken_) served += n.load(std::memory_order_relaxed);
  std::size_t widest = 0;
  for (const std::string& name : exits_) widest = std::max(widest, name.size());
  constexpr std::size_t full = 40;
  for (std::size_t e = 0; exits_.size() > 1 && e < exits_.size(); ++e) {
    const double share = percent(taken_[e].load(std::memory_order_relaxed), served);
    const auto filled = std::min(static_cast<std::size_t>(share / 100.0 * full + 0.5), full);
    all.push_back(exits_[e] + std::string(widest - exits_[e].size(), ' ') + "  [" + std::string(filled, '#') +
                  std::string(full - filled, ' ') + line("] %5.1f %%", share));
  }
  return all;
}

void stream_view::draw() {
  std::vector<std::string> all = lines();
  winsize window{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &window) == 0 && window.ws_row > 1 && window.ws_col > 1) {
    // A line that wraps, or scrolls out, could not be found again.
    all.resize(std::min<std::size_t>(all.size(), window.ws_row - 1U));
    for (std::string& one : all) one = one.substr(0, window.ws_col - 1U);
  }
  std::string text = drawn_ > 0 ? "\r\033[" + std::to_string(drawn_) + "A" : "\r";
  for (const std::string& one : all) text += one + "\033[K\n";
  text += "\033[J";
  drawn_ = all.size();
  std::fwrite(text.data(), 1, text.size(), stderr);
  std::fflush(stderr);
}

}  // namespace examples
