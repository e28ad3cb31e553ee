// SPDX-License-Identifier: MIT
// sampling: times runs in turn on one pinned core, each between two bursts of the peak micro-kernel.
#pragma once

#include <algorithm>
#include <cstddef>
#include <ctime>
#include <functional>
#include <vector>

#include "peak.hpp"

#ifdef __linux__
#include <sched.h>
#endif

namespace flexdnn::bench {

/// Keeps this thread on the core where it is now: a move would empty its caches. Elsewhere than on Linux the
/// system decides.
inline void pin_to_one_core() {
#ifdef __linux__
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(static_cast<std::size_t>(std::max(sched_getcpu(), 0)), &one);
  sched_setaffinity(0, sizeof one, &one);
#endif
}

[[nodiscard]] inline double median(std::vector<double> values) {
  if (values.empty()) return 0.0;
  std::ranges::nth_element(values, values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2));
  return values[values.size() / 2];
}

/// Seconds of processor time that this process has had, on all its threads.
[[nodiscard]] inline double processor_seconds() {
  timespec t{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

/// Runners that take turns: A B C A B C, timed in processor time, which leaves out whoever shares the core. A
/// sample is kept where it had 97 % of the core and both bursts around it reach 97 % of the best one seen: a
/// neighbour on the other hyper-thread slows bursts and runners alike.
class turns {
 public:
  struct result {
    double seconds;    ///< of one run: the median of the kept samples
    std::size_t kept;  ///< how many they are
  };

  /// Runs it twice: once for page faults, once to see how many runs make a sample.
  void add(std::function<void()> run) {
    run();
    const double start = processor_seconds();
    run();
    const double took = processor_seconds() - start;
    const int runs = std::max(1, static_cast<int>(shortest_sample / std::max(took, 1e-7)));
    runners_.push_back({std::move(run), runs, took < worth_warming, {}});
  }

  /// One more sample of each.
  void round() {
    double before = peak_gflops(1);
    for (runner& r : runners_) {
      if (r.warmed) r.run();
      const double start = seconds(), processor_start = processor_seconds();
      for (int i = 0; i < r.runs; ++i) r.run();
      const double processor = processor_seconds() - processor_start;
      const double share = processor / (seconds() - start);
      const double after = peak_gflops(1);
      r.samples.push_back({processor / r.runs, std::min(before, after), share});
      peak_ = std::max({peak_, before, after});
      before = after;
    }
  }

  /// GFLOP/s of the best burst.
  [[nodiscard]] double peak() const { return peak_; }

  /// Fewer than five kept: the median of the five quietest stands in for them.
  [[nodiscard]] result result_of(std::size_t who) const {
    std::vector<sample> all = runners_[who].samples;
    const auto quiet = [&](const sample& s) { return std::min(s.burst / peak_, s.share_of_core); };
    std::ranges::sort(all, std::greater{}, quiet);
    const auto kept = static_cast<std::size_t>(
        std::ranges::count_if(all, [&](const sample& s) { return quiet(s) >= 0.97; }));
    std::vector<double> times;
    for (const sample& s : all) {
      if (times.size() < std::max<std::size_t>(kept, 5)) times.push_back(s.seconds);
    }
    return {median(times), kept};
  }

  /// Samples kept of the runner that has the fewest.
  [[nodiscard]] std::size_t fewest_kept() const {
    std::size_t fewest = ~std::size_t{0};
    for (std::size_t who = 0; who < runners_.size(); ++who) fewest = std::min(fewest, result_of(who).kept);
    return fewest;
  }

 private:
  static constexpr double shortest_sample = 1e-3;
  /// Runs up to here start with an untimed one, which brings back the caches that the others have taken: a
  /// depthwise layer of 0.17 ms took 0.4 without. Longer ones leave little in them anyway.
  static constexpr double worth_warming = 10e-3;

  struct sample {
    double seconds;
    double burst;  ///< GFLOP/s of the worse one
    double share_of_core;
  };
  struct runner {
    std::function<void()> run;
    int runs;  ///< in a sample
    bool warmed;
    std::vector<sample> samples;
  };

  double peak_ = 0.0;
  std::vector<runner> runners_;
};

}  // namespace flexdnn::bench
