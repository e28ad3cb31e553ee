// SPDX-License-Identifier: MIT
// Systems that change between networks: MCDNN and Chameleon.
#include <algorithm>
#include <cstdio>
#include <numeric>
#include <optional>

#include "replay.hpp"

namespace comparators {
namespace {

double share_right(const stream_trace& t, const variant_trace& v) {
  std::size_t right = 0;
  for (std::size_t i = 0; i < t.frames(); ++i) right += v.labels.back()[i] == t.truth[i] ? 1U : 0U;
  return static_cast<double>(right) / static_cast<double>(t.frames());
}

std::string text_of(const char* format, double value) {
  char text[48];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

}  // namespace

std::vector<played> mcdnn(const three_traces& t) {
  const std::vector<std::size_t> catalog = cheapest_first(t.report, "width");
  const double whole = t.report.variants[catalog.back()].exits.back().seconds;
  constexpr double expected_stay = 100.0;  // frames that a load is spread over
  std::vector<played> all;
  for (const double share : {0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.65, 0.8, 1.0}) {
    player p("MCDNN", text_of("%g of the time", share), t.report);
    double left = share * whole * static_cast<double>(t.report.frames());
    std::optional<std::size_t> here;
    std::size_t largest = 0;
    for (std::size_t i = 0; i < t.report.frames(); ++i) {
      const double allowed = left / static_cast<double>(t.report.frames() - i);
      std::size_t best = catalog.front();
      double accuracy = -1.0;
      for (const std::size_t v : catalog) {
        const variant_trace& one = t.report.variants[v];
        const double load = v == here ? 0.0 : (one.allocate_seconds + one.load_seconds) / expected_stay;
        const double known = share_right(t.search, t.search.variants[v]);
        if (one.exits.back().seconds + load <= allowed && known > accuracy) best = v, accuracy = known;
      }
      const variant_trace& one = t.report.variants[best];
      if (here != best) {
        p.load(one, i);
        left -= one.allocate_seconds + one.load_seconds;
      }
      here = best;
      p.run(one, i);
      left -= one.exits.back().seconds;
      largest = std::max(largest, one.parameter_bytes + one.engine_bytes);
    }
    all.push_back(p.done(largest));
  }
  return all;
}

std::vector<played> chameleon(const three_traces& t) {
  constexpr std::size_t window = 60, profiled = 4, windows_between = 4, kept = 5;
  struct configuration {
    std::size_t variant;
    std::size_t every;  ///< frame
  };
  std::vector<configuration> all_configurations;
  std::size_t golden = 0;
  for (std::size_t v = 0; v < t.report.variants.size(); ++v) {
    const std::string& system = t.report.variants[v].system;
    if (t.report.variants[v].name == "width_16") golden = v;
    for (std::size_t every = 1; every <= 3 && (system == "width" || system == "resolution"); ++every)
      all_configurations.push_back({v, every});
  }
  const auto cost = [&](const configuration& c) {
    return t.report.variants[c.variant].exits.back().seconds / static_cast<double>(c.every);
  };
  std::ranges::sort(all_configurations, {}, cost);
  std::vector<played> all;
  for (const double target : {0.7, 0.8, 0.9, 0.95, 1.0}) {
    player p("Chameleon", text_of("agreement %g", target), t.report);
    std::vector<configuration> candidates = all_configurations;
    configuration now{golden, 1};
    std::optional<std::size_t> here;
    std::size_t largest = 0, answered = 0;
    const auto hold = [&](std::size_t v, std::size_t i) {
      const variant_trace& one = t.report.variants[v];
      if (here != v) p.load(one, i);
      here = v;
      largest = std::max(largest, one.parameter_bytes + one.engine_bytes);
    };
    for (std::size_t i = 0; i < t.report.frames(); ++i) {
      const std::size_t at = i % window;
      const std::size_t frames = std::min(profiled, t.report.frames() - i);
      if (at == 0) {  // the golden configuration answers these while the others are profiled on them
        if (i / window % windows_between == 0) candidates = all_configurations;
        std::vector<std::size_t> networks;
        for (const configuration& c : candidates) networks.push_back(c.variant);
        std::ranges::sort(networks);
        networks.erase(std::ranges::unique(networks).begin(), networks.end());
        for (const std::size_t v : networks) {
          hold(v, i);
          for (std::size_t k = 0; k < frames && v != golden; ++k) p.spend(t.report.variants[v], i + k, 0);
        }
        hold(golden, i);
        const std::vector<int>& truth = t.report.variants[golden].labels[0];
        const auto agreement = [&](const configuration& c) {
          std::size_t same = 0;
          for (std::size_t k = 0; k < frames; ++k)
            same += t.report.variants[c.variant].labels[0][i + k - k % c.every] == truth[i + k] ? 1U : 0U;
          return static_cast<double>(same) / static_cast<double>(frames);
        };
        now = {golden, 1};
        std::vector<configuration> good;
        for (const configuration& c : candidates) {
          if (agreement(c) >= target) good.push_back(c);
        }
        if (!good.empty()) now = good.front();
        if (i / window % windows_between == 0 && good.size() > kept) good.resize(kept);
        if (!good.empty() && i / window % windows_between == 0) candidates = good;
      }
      if (at < profiled) {
        p.run(t.report.variants[golden], i);
        answered = i;
        continue;
      }
      hold(now.variant, i);
      if ((at - profiled) % now.every == 0) {
        p.run(t.report.variants[now.variant], i);
        answered = i;
      } else {
        p.answer(
            i, t.report.variants[answered < i - (at - profiled) ? golden : now.variant].labels[0][answered]);
      }
    }
    all.push_back(p.done(largest));
  }
  return all;
}

}  // namespace comparators
